-- When the first row that waits came.
SELECT received_at FROM intake_journal WHERE state = {{ Journal.State.WAITING }} ORDER BY id + 0 LIMIT 1
