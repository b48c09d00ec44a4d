-- Failed or unknown deliveries back into the outbox, because a person said so. Returns how many.
-- None of a mailing that was stopped, is withheld or begins to be forgotten; who does so waits for this, or this for it (outbox.keep_out).
WITH mailing AS (
  SELECT id FROM delivery_fanout
  WHERE id = %(fanout)s AND stopped_at IS NULL AND withheld_at IS NULL AND forgotten_at IS NULL
  FOR KEY SHARE
), mine AS (
  SELECT id, state FROM delivery_delivery d
  WHERE d.state IN ({{ DeliveryState.UNKNOWN }}, {{ DeliveryState.FAILED }}) AND {{ which }} AND (d.fanout_id IS NULL OR d.fanout_id IN (SELECT id FROM mailing))
  ORDER BY id FOR NO KEY UPDATE
), again AS (
  UPDATE delivery_delivery d
  SET state = {{ DeliveryState.QUEUED }}, code = 0, reason = '', failed_at = NULL, message_hash = NULL, message_sealed = NULL
  FROM mine WHERE d.id = mine.id
  RETURNING d.id, d.organization_id, d.sender_id, d.fanout_id, d.urgency, mine.state AS old_state
), queued AS (
  INSERT INTO delivery_outbox (delivery_id, organization_id, sender_id, fanout_id, urgency, state, not_before, attempts)
  SELECT id, organization_id, sender_id, fanout_id, urgency, {{ OutboxState.READY }}, now(), 0 FROM again
  RETURNING 1
), counted AS (
  UPDATE delivery_fanout f
  SET n_failed = n_failed - t.failed, n_unknown = n_unknown - t.unknown, n_waiting = n_waiting + t.failed + t.unknown
  FROM (
    SELECT c.* FROM (
      SELECT fanout_id, count(*) FILTER (WHERE old_state = {{ DeliveryState.FAILED }}) AS failed, count(*) FILTER (WHERE old_state = {{ DeliveryState.UNKNOWN }}) AS unknown
      FROM again WHERE fanout_id IS NOT NULL GROUP BY fanout_id ORDER BY fanout_id
    ) c
    CROSS JOIN LATERAL (SELECT FROM delivery_fanout WHERE id = c.fanout_id FOR NO KEY UPDATE) AS turn  -- in one order (move.sql)
  ) t
  WHERE f.id = t.fanout_id
)
SELECT count(*) FROM queued
