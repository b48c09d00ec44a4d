-- Claimed deliveries go back into the outbox: nothing of them left this machine, or the platform surely refused for now.
-- Only the owner who claimed them may do so. An owner that lost the number may too, for what nobody has claimed since: its
-- successor could only call them uncertain, and it knows better.
WITH given_back AS (
  SELECT d.id, d.fanout_id, d.topic, d.organization_id, r.not_before, r.code, r.reason, r.counts, r.outage,
    d.address_sealed = '' AS erased
  FROM unnest(%(ids)s::bigint[], %(not_before)s::timestamptz[], %(codes)s::integer[], %(reasons)s::text[], %(counts)s::boolean[],
    %(outages)s::boolean[]) AS r (id, not_before, code, reason, counts, outage)
  JOIN delivery_delivery d USING (id)
  ORDER BY d.id FOR NO KEY UPDATE OF d
), mailings AS (
  -- Who stops one waits for this, or this for it (outbox.keep_out).
  SELECT id FROM delivery_fanout
  WHERE id IN (SELECT fanout_id FROM given_back) AND stopped_at IS NULL ORDER BY id FOR KEY SHARE
), back AS (
  -- Of a mailing that a person stopped meanwhile they are cancelled, as those that waited were; and of who was erased.
  SELECT g.*, g.erased OR (g.fanout_id IS NOT NULL AND m.id IS NULL) AS stopped
  FROM given_back g LEFT JOIN mailings m ON m.id = g.fanout_id
), kept AS (
  UPDATE delivery_outbox o SET
    state = CASE WHEN b.not_before <= now() THEN {{ OutboxState.READY }} ELSE {{ OutboxState.LATER }} END,
    not_before = b.not_before, claimed_at = NULL, tried_at = NULL, outages = o.outages + b.outage::int,
    attempts = CASE WHEN b.counts THEN o.attempts ELSE greatest(o.attempts - 1, 0) END
  FROM back b
  WHERE o.delivery_id = b.id AND NOT b.stopped AND o.state IN ({{ OutboxState.CLAIMED }}, {{ OutboxState.UNCERTAIN }}) AND o.claim_epoch = %(epoch)s
  RETURNING b.id, b.code, b.reason
), gone AS (
  DELETE FROM delivery_outbox o USING back b
  WHERE o.delivery_id = b.id AND b.stopped AND o.state IN ({{ OutboxState.CLAIMED }}, {{ OutboxState.UNCERTAIN }}) AND o.claim_epoch = %(epoch)s
  RETURNING b.id, b.fanout_id
), said AS (
  UPDATE delivery_delivery d SET state = {{ DeliveryState.QUEUED }}, code = k.code, reason = k.reason
  FROM kept k WHERE d.id = k.id AND (k.code <> 0 OR d.state = {{ DeliveryState.UNCERTAIN }})
), cancelled AS (
  UPDATE delivery_delivery d SET state = {{ DeliveryState.CANCELLED }} FROM gone g WHERE d.id = g.id
)
UPDATE delivery_fanout f SET n_waiting = n_waiting - t.n, n_cancelled = n_cancelled + t.n
FROM (
  SELECT c.* FROM (SELECT fanout_id, count(*) AS n FROM gone GROUP BY fanout_id ORDER BY fanout_id) c
  CROSS JOIN LATERAL (SELECT FROM delivery_fanout WHERE id = c.fanout_id FOR NO KEY UPDATE) AS turn  -- in one order (move.sql)
) t
WHERE f.id = t.fanout_id
