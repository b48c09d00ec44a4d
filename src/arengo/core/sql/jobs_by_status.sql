-- Jobs that wait, run or failed, counted up to a bound.
SELECT status::text, count(*) FROM (
  SELECT status FROM procrastinate_jobs
  WHERE status IN ({{ Status.TODO }}, {{ Status.DOING }}, {{ Status.FAILED }}) LIMIT %(most)s
) AS jobs GROUP BY status
