-- Rows that wait in a lane and are about these people, locked; with their lanes.
SELECT j.id, j.sender_id, s.organization_id, s.platform, s.number_id, j.body_sealed, j.received_at, j.attempts, j.lane, j.people
FROM intake_journal j JOIN delivery_sender s ON s.id = j.sender_id
WHERE j.state = {{ Journal.State.BEHIND }} AND j.people && %(people)s::bigint[] ORDER BY j.id FOR NO KEY UPDATE OF j
