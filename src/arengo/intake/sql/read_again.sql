-- Rows of these organizations that are read and still hold their body. Not locked: that would write to every page. A row that
-- is replayed just then is read without the person (erased.py).
SELECT j.id, s.organization_id, s.platform, j.body_sealed
FROM intake_journal j JOIN delivery_sender s ON s.id = j.sender_id
WHERE j.id >= %(first)s AND j.id <= %(to)s
  AND j.state NOT IN ({{ Journal.State.WAITING }}, {{ Journal.State.BEHIND }}) AND j.body_sealed <> ''
  AND s.organization_id = ANY(%(organizations)s)
ORDER BY j.id
