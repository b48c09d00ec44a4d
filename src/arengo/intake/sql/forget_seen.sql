-- The next marks of messages past their time go. Returns how many of each sender, and the age of the last that was looked at. Each
-- sender's organization has its own time, as in forget_journal.sql.
WITH batch AS (
  SELECT id, sender_id, at FROM intake_seen
  WHERE at >= %(after)s AND at < now() - make_interval(days => %(least)s)
  ORDER BY at LIMIT %(most)s
), locked AS (
  SELECT id FROM intake_seen
  WHERE id = ANY (ARRAY (
    SELECT id FROM batch
    WHERE at < now() - make_interval(days => coalesce((%(days)s::jsonb ->> sender_id::text)::int, %(usual)s))
  ))
  FOR NO KEY UPDATE SKIP LOCKED
), gone AS (
  DELETE FROM intake_seen WHERE id = ANY (ARRAY (SELECT id FROM locked)) RETURNING sender_id
)
SELECT
  coalesce((SELECT jsonb_object_agg(sender_id, n) FROM (SELECT sender_id, count(*) AS n FROM gone GROUP BY sender_id) AS g), '{}'),
  (SELECT max(at) FROM batch)
