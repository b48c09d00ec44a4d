-- The lanes in which rows wait.
SELECT DISTINCT lane FROM intake_journal WHERE state = {{ Journal.State.BEHIND }}
