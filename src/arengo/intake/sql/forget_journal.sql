-- The next rows past their time go, but for those that still wait. Returns how many went, and the age of the last that was
-- looked at. By age alone: of a journal in which much waited a minute ago the planner would read all rows for those that do not.
WITH batch AS (
  SELECT id, received_at, state FROM intake_journal
  WHERE received_at >= %(after)s AND received_at < now() - make_interval(days => %(days)s)
  ORDER BY received_at LIMIT %(most)s
  FOR NO KEY UPDATE SKIP LOCKED
), gone AS (
  DELETE FROM intake_journal
  WHERE id = ANY (ARRAY (SELECT id FROM batch WHERE state NOT IN ({{ Journal.State.WAITING }}, {{ Journal.State.BEHIND }})))
  RETURNING 1
)
SELECT (SELECT count(*) FROM gone), (SELECT max(received_at) FROM batch)
