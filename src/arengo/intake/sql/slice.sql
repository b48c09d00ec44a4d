-- The next rows of a lane, locked: the first of each number, then the second of each, so that the burst of one does not hold up
-- the others. The body of a long row that goes on is in hand already: fetched with each slice, n people would cost n².
SELECT j.id, j.sender_id, s.organization_id, s.platform, s.number_id,
  CASE WHEN j.id = %(begun)s AND j.attempts = %(attempts)s THEN ''::bytea ELSE j.body_sealed END, j.received_at, j.attempts
FROM delivery_sender s CROSS JOIN LATERAL (
  SELECT * FROM intake_journal
  WHERE state = {{ Journal.State.BEHIND }} AND lane = %(lane)s AND sender_id = s.id
    AND (not_before IS NULL OR not_before <= now())
  ORDER BY id LIMIT %(most)s FOR NO KEY UPDATE SKIP LOCKED
) AS j
ORDER BY row_number() OVER (PARTITION BY j.sender_id ORDER BY j.id), j.id
