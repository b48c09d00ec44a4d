-- The next marks of messages past their time go. Returns how many, and the age of the last.
WITH batch AS (
  SELECT id, at FROM intake_seen
  WHERE at >= %(after)s AND at < now() - make_interval(days => %(days)s)
  ORDER BY at LIMIT %(most)s
  FOR NO KEY UPDATE SKIP LOCKED
), gone AS (
  DELETE FROM intake_seen WHERE id = ANY (ARRAY (SELECT id FROM batch)) RETURNING 1
)
SELECT (SELECT count(*) FROM gone), (SELECT max(at) FROM batch)
