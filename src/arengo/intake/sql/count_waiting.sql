-- How many rows wait, counted up to a bound; when the first of them came, and how many rows were written since.
-- «+ 0» is how the index of what waits was made (take.sql): this order only that index can give.
SELECT counted.n, first.received_at, coalesce(first.since, 0)
FROM (
  SELECT count(*) AS n FROM (
    SELECT 1 FROM intake_journal WHERE state = {{ Journal.State.WAITING }} ORDER BY id + 0 LIMIT %(most)s
  ) AS waiting
) AS counted
LEFT JOIN (
  SELECT received_at, (SELECT max(id) FROM intake_journal) - id + 1 AS since FROM intake_journal
  WHERE state = {{ Journal.State.WAITING }} ORDER BY id + 0 LIMIT 1
) AS first ON true
