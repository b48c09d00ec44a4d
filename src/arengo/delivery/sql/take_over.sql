-- What earlier owners claimed and never decided: perhaps sent, perhaps not. Receipts get their time to tell.
WITH left_behind AS (
  SELECT d.id FROM delivery_outbox o JOIN delivery_delivery d ON d.id = o.delivery_id
  WHERE o.sender_id = %(sender)s AND o.state = {{ OutboxState.CLAIMED }} AND o.claim_epoch < %(epoch)s
  ORDER BY d.id FOR NO KEY UPDATE OF d
), doubtful AS (
  UPDATE delivery_outbox o SET state = {{ OutboxState.UNCERTAIN }}, tried_at = claimed_at, claimed_at = now()
  FROM left_behind l WHERE o.delivery_id = l.id AND o.state = {{ OutboxState.CLAIMED }} AND o.claim_epoch < %(epoch)s
  RETURNING o.delivery_id
)
UPDATE delivery_delivery d SET state = {{ DeliveryState.UNCERTAIN }} FROM doubtful WHERE d.id = doubtful.delivery_id
