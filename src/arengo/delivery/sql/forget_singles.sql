-- One batch of single messages past their time: the outcome stays, for the screen that shows it; to whom and what goes.
-- The platform's message id goes too: WhatsApp's holds the phone number.
WITH batch AS (
  SELECT id FROM delivery_delivery
  WHERE fanout_id IS NULL AND address_sealed <> '' AND state > {{ DeliveryState.UNCERTAIN }} AND created_at < now() - make_interval(days => %(days)s)
  ORDER BY created_at LIMIT %(most)s
  FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE delivery_delivery
SET address_sealed = '', outgoing_sealed = NULL, message_hash = NULL, message_sealed = NULL, address_hash = sha256(id::text::bytea)
WHERE id = ANY (ARRAY (SELECT id FROM batch))
