-- The platform would not bring it to this person today: it goes once more, a day later. Once, however often that is reported.
WITH due AS (
  SELECT d.id, d.organization_id, d.sender_id, d.fanout_id, d.urgency, d.failed_at FROM delivery_delivery d
  WHERE d.id = ANY(%(ids)s) AND d.sender_id = %(sender)s AND d.state = {{ DeliveryState.FAILED }} AND d.failed_at > now() - interval '1 day'
    AND d.address_sealed <> ''
    AND NOT EXISTS (SELECT FROM delivery_secondtry t WHERE t.delivery_id = d.id)
  ORDER BY d.id FOR NO KEY UPDATE
), mailings AS (
  -- Who stops or withholds one waits for this, or this for it (outbox.keep_out).
  SELECT id, withheld_at FROM delivery_fanout
  WHERE id IN (SELECT fanout_id FROM due) AND stopped_at IS NULL ORDER BY id FOR KEY SHARE
), going AS (
  SELECT due.*, m.withheld_at IS NOT NULL AS withheld FROM due LEFT JOIN mailings m ON m.id = due.fanout_id
  WHERE due.fanout_id IS NULL OR m.id IS NOT NULL
), noted AS (
  INSERT INTO delivery_secondtry (delivery_id, organization_id, at)
  SELECT id, organization_id, now() FROM going
  ON CONFLICT (delivery_id) DO NOTHING
  RETURNING delivery_id
), again AS (
  -- Code and reason stay: they say why it waits.
  UPDATE delivery_delivery d SET state = {{ DeliveryState.QUEUED }}, failed_at = NULL, message_hash = NULL, message_sealed = NULL
  FROM going, noted WHERE d.id = going.id AND noted.delivery_id = going.id
  RETURNING d.id, d.organization_id, d.sender_id, d.fanout_id, d.urgency, going.failed_at, going.withheld
), queued AS (
  INSERT INTO delivery_outbox (delivery_id, organization_id, sender_id, fanout_id, urgency, state, not_before, attempts)
  -- Its mailing may be withheld until a person decides (delivery/timeline).
  SELECT id, organization_id, sender_id, fanout_id, urgency,
    CASE WHEN withheld THEN {{ OutboxState.WITHHELD }} ELSE {{ OutboxState.LATER }} END, failed_at + interval '24 hours', 0
  FROM again a
  RETURNING delivery_id
), counted AS (
  UPDATE delivery_fanout f SET n_failed = n_failed - t.n, n_waiting = n_waiting + t.n
  FROM (
    SELECT c.* FROM (SELECT fanout_id, count(*) AS n FROM again WHERE fanout_id IS NOT NULL GROUP BY fanout_id ORDER BY fanout_id) c
    CROSS JOIN LATERAL (SELECT FROM delivery_fanout WHERE id = c.fanout_id FOR NO KEY UPDATE) AS turn  -- in one order (move.sql)
  ) t
  WHERE f.id = t.fanout_id
)
SELECT delivery_id FROM queued
