-- One batch of single messages past their time: the outcome stays, for the screen that shows it; to whom and what goes.
-- The platform's message id goes too: WhatsApp's holds the phone number. Each organization has its own time: rows of one that keeps
-- them longer, and of who is held, are looked at, and not locked. Returns how many went of each organization, and the age of the
-- last that was looked at.
WITH batch AS (
  SELECT id, organization_id, created_at FROM delivery_delivery
  WHERE fanout_id IS NULL AND address_sealed <> '' AND created_at >= %(after)s AND created_at < now() - make_interval(days => %(least)s)
  ORDER BY created_at LIMIT %(most)s
), locked AS (
  SELECT id FROM delivery_delivery
  WHERE id = ANY (ARRAY (
      SELECT id FROM batch
      WHERE created_at < now() - make_interval(days => coalesce((%(days)s::jsonb ->> organization_id::text)::int, %(usual)s))
    ))
    AND state > {{ DeliveryState.UNCERTAIN }} AND address_hash <> ALL (%(held)s::bytea[])
  FOR NO KEY UPDATE SKIP LOCKED
), gone AS (
  UPDATE delivery_delivery
  SET address_sealed = '', outgoing_sealed = NULL, message_hash = NULL, message_sealed = NULL, address_hash = sha256(id::text::bytea)
  WHERE id = ANY (ARRAY (SELECT id FROM locked))
  RETURNING organization_id
)
SELECT
  coalesce(
    (SELECT jsonb_object_agg(organization_id, n) FROM (SELECT organization_id, count(*) AS n FROM gone GROUP BY organization_id) AS g),
    '{}'
  ),
  (SELECT max(created_at) FROM batch)
