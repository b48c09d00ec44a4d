-- One row that waits, in its lane or not, locked.
SELECT j.id, j.sender_id, s.organization_id, s.platform, s.number_id, j.body_sealed, j.received_at, j.attempts
FROM intake_journal j JOIN delivery_sender s ON s.id = j.sender_id
WHERE j.state IN ({{ Journal.State.WAITING }}, {{ Journal.State.BEHIND }}) AND j.id = %(id)s FOR NO KEY UPDATE OF j SKIP LOCKED
