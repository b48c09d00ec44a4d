-- Recipients of a mailing: the record of each and its place in the outbox. Who is in already is not added twice.
-- A mailing that is withheld is filled withheld, one that was stopped not at all: who withholds, releases or stops it waits
-- for this, or this for it (outbox.keep_out).
WITH mailing AS (
  SELECT CASE WHEN withheld_at IS NULL THEN {{ OutboxState.READY }} ELSE {{ OutboxState.WITHHELD }} END AS state FROM delivery_fanout
  WHERE id = %(fanout)s AND stopped_at IS NULL FOR KEY SHARE
), added AS (
  INSERT INTO delivery_delivery (organization_id, sender_id, fanout_id, urgency, address_sealed, address_hash,
    topic, state, code, reason, price_category, created_at)
  SELECT %(organization)s, %(sender)s, %(fanout)s, %(urgency)s, sealed, hash, '', {{ DeliveryState.QUEUED }}, 0, '', %(category)s, %(now)s
  FROM mailing, unnest(%(sealed)s::bytea[], %(hashes)s::bytea[]) AS rows (sealed, hash)
  ON CONFLICT (fanout_id, address_hash) WHERE fanout_id IS NOT NULL DO NOTHING
  RETURNING id
), queued AS (
  INSERT INTO delivery_outbox (delivery_id, organization_id, sender_id, fanout_id, urgency, state, not_before, attempts)
  SELECT id, %(organization)s, %(sender)s, %(fanout)s, %(urgency)s, mailing.state, %(now)s, 0 FROM added, mailing
  RETURNING 1
)
UPDATE delivery_fanout SET total = total + t.n, n_waiting = n_waiting + t.n,
  first_delivery = least(first_delivery, t.first), last_delivery = greatest(last_delivery, t.last)
FROM (SELECT (SELECT count(*) FROM queued) AS n, min(id) AS first, max(id) AS last FROM added) t
WHERE id = %(fanout)s
RETURNING t.n
