-- Deliveries whose time has come stand in line again. Returns how many.
WITH due AS (
  SELECT delivery_id FROM delivery_outbox
  WHERE sender_id = %(sender)s AND state = {{ OutboxState.LATER }} AND not_before <= now()
  ORDER BY not_before LIMIT 5000
  FOR NO KEY UPDATE SKIP LOCKED
), ready AS (
  UPDATE delivery_outbox o SET state = {{ OutboxState.READY }}, held = false FROM due WHERE o.delivery_id = due.delivery_id
  RETURNING 1
)
SELECT count(*) FROM ready
