-- The oldest rows that wait, locked; as many as can be applied in a moment: one webhook may hold a thousand receipts.
-- «+ 0» is how the index for waiting rows was made: the planner, who may think that most rows wait, has no other way to this
-- order.
WITH waiting AS (
  SELECT id, sender_id, body_sealed, received_at, attempts, octet_length(body_sealed) AS size FROM intake_journal
  WHERE state = {{ Journal.State.WAITING }} AND (not_before IS NULL OR not_before <= now())
  ORDER BY id + 0 LIMIT %(most)s FOR NO KEY UPDATE SKIP LOCKED
), sized AS (
  SELECT *, sum(size) OVER (ORDER BY id) - size AS before FROM waiting
)
SELECT j.id, j.sender_id, s.organization_id, s.platform, s.number_id, j.body_sealed, j.received_at, j.attempts
FROM sized j JOIN delivery_sender s ON s.id = j.sender_id
WHERE j.before < %(bytes)s ORDER BY j.id
