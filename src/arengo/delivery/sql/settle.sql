-- Decides deliveries that stayed uncertain: claimed, perhaps sent, and no receipt came in time.
-- An alert goes again, as often in its whole life as ``repeats`` says: heard twice is better than not heard. Anything else
-- does not: it stays on screen as unknown. Nor does an alert that a person stopped, or that was to go to somebody who was
-- erased: it has no address.
WITH patience_over AS (
  SELECT d.id, coalesce(o.tried_at, o.claimed_at) AS tried_at, d.fanout_id,
    o.urgency = {{ Urgency.ALERT }} AND d.address_sealed <> ''
      AND NOT EXISTS (SELECT FROM delivery_doubt w WHERE w.delivery_id = d.id AND w.repeats >= %(repeats)s) AS may_repeat
  FROM delivery_outbox o JOIN delivery_delivery d ON d.id = o.delivery_id
  WHERE o.sender_id = %(sender)s AND o.state = {{ OutboxState.UNCERTAIN }}
    AND o.claimed_at < now() - make_interval(secs => %(patience)s)
  ORDER BY d.id LIMIT 5000 FOR NO KEY UPDATE OF d SKIP LOCKED
), mailings AS (
  -- Of alerts that nobody stopped. Who stops one waits for this, or this for it (outbox.keep_out).
  SELECT id FROM delivery_fanout
  WHERE id IN (SELECT fanout_id FROM patience_over WHERE may_repeat) AND stopped_at IS NULL ORDER BY id FOR KEY SHARE
), due AS (
  SELECT id, tried_at, may_repeat AND (fanout_id IS NULL OR fanout_id IN (SELECT id FROM mailings)) AS goes_again FROM patience_over
), again AS (
  UPDATE delivery_outbox o SET state = {{ OutboxState.READY }}, not_before = now(), claimed_at = NULL, tried_at = NULL
  FROM due WHERE o.delivery_id = due.id AND due.goes_again AND o.state = {{ OutboxState.UNCERTAIN }}
  RETURNING o.delivery_id
), over AS (
  DELETE FROM delivery_outbox o USING due
  WHERE o.delivery_id = due.id AND NOT due.goes_again AND o.state = {{ OutboxState.UNCERTAIN }}
  RETURNING o.delivery_id
), decided AS (
  UPDATE delivery_delivery d SET state = t.state
  FROM (SELECT delivery_id, {{ DeliveryState.QUEUED }} AS state FROM again UNION ALL SELECT delivery_id, {{ DeliveryState.UNKNOWN }} FROM over) t
  WHERE d.id = t.delivery_id
  RETURNING d.id, d.organization_id, d.sender_id, d.fanout_id, d.topic, d.state
), doubted AS (
  -- When it may have gone, and how often it went again by itself: what is known of it as long as it is kept.
  INSERT INTO delivery_doubt AS w (delivery_id, organization_id, sender_id, fanout_id, tried_at, since, repeats, weigh_at)
  SELECT d.id, d.organization_id, d.sender_id, d.fanout_id, ARRAY[coalesce(due.tried_at, now())], now(), (d.state = {{ DeliveryState.QUEUED }})::int,
    CASE WHEN d.state = {{ DeliveryState.UNKNOWN }} THEN coalesce(due.tried_at, now()) + %(evidence_after)s END
  FROM decided d JOIN due ON due.id = d.id
  ORDER BY d.id
  ON CONFLICT (delivery_id) DO UPDATE SET
    tried_at = (w.tried_at || EXCLUDED.tried_at)[greatest(1, cardinality(w.tried_at) + 2 - %(tries)s):],
    since = EXCLUDED.since, repeats = w.repeats + EXCLUDED.repeats, neighbours = NULL, weigh_at = EXCLUDED.weigh_at
), counted AS (
  UPDATE delivery_fanout f SET n_unknown = n_unknown + t.n, n_waiting = n_waiting - t.n
  FROM (
    SELECT c.* FROM (SELECT fanout_id, count(*) AS n FROM decided WHERE state = {{ DeliveryState.UNKNOWN }} AND fanout_id IS NOT NULL GROUP BY fanout_id ORDER BY fanout_id) c
    CROSS JOIN LATERAL (SELECT FROM delivery_fanout WHERE id = c.fanout_id FOR NO KEY UPDATE) AS turn  -- in one order (move.sql)
  ) t
  WHERE f.id = t.fanout_id
  RETURNING f.organization_id, f.topic
)
SELECT DISTINCT organization_id, topic FROM decided WHERE topic <> ''
UNION
SELECT organization_id, topic FROM counted WHERE topic <> ''
