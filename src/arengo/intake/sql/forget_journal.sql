-- The next rows past their time go, but for those that still wait. Returns how many went of each sender, and the age of the last that was
-- looked at. By age alone: of a journal in which much waited a minute ago the planner would read all rows for those that do not.
-- Each sender's organization has its own time: rows of one that keeps them longer are looked at, and not locked.
WITH batch AS (
  SELECT id, sender_id, received_at FROM intake_journal
  WHERE received_at >= %(after)s AND received_at < now() - make_interval(days => %(least)s)
  ORDER BY received_at LIMIT %(most)s
), locked AS (
  SELECT id FROM intake_journal
  WHERE id = ANY (ARRAY (
      SELECT id FROM batch
      WHERE received_at < now() - make_interval(days => coalesce((%(days)s::jsonb ->> sender_id::text)::int, %(usual)s))
    ))
    AND state NOT IN ({{ Journal.State.WAITING }}, {{ Journal.State.BEHIND }})
  FOR NO KEY UPDATE SKIP LOCKED
), gone AS (
  DELETE FROM intake_journal WHERE id = ANY (ARRAY (SELECT id FROM locked)) RETURNING sender_id
)
SELECT
  coalesce((SELECT jsonb_object_agg(sender_id, n) FROM (SELECT sender_id, count(*) AS n FROM gone GROUP BY sender_id) AS g), '{}'),
  (SELECT max(received_at) FROM batch)
