-- How much waits for each sender: counted up to a bound, along the outbox's own indexes, so that a queue of millions costs no
-- more than one of thousands. What reaches the bound is known from the mailings' own counters (status.py).
SELECT s.id, ready.urgency, ready.n, ready.since, later.n, later.first, claimed.n, uncertain.n
FROM unnest(%(senders)s::bigint[]) AS s (id)
CROSS JOIN LATERAL (
  SELECT u.urgency, counted.n, first.since
  FROM unnest(%(urgencies)s::smallint[]) AS u (urgency)
  CROSS JOIN LATERAL (
    SELECT count(*) AS n FROM (
      SELECT 1 FROM delivery_outbox o
      WHERE o.sender_id = s.id AND o.urgency = u.urgency AND o.state = 0 LIMIT %(most)s
    ) AS waiting
  ) AS counted
  LEFT JOIN LATERAL (
    SELECT o.not_before AS since FROM delivery_outbox o
    WHERE o.sender_id = s.id AND o.urgency = u.urgency AND o.state = 0 ORDER BY o.delivery_id LIMIT 1
  ) AS first ON true
) AS ready
CROSS JOIN LATERAL (
  SELECT count(*) AS n, min(waiting.not_before) AS first FROM (
    SELECT o.not_before FROM delivery_outbox o
    WHERE o.sender_id = s.id AND o.state = 5 ORDER BY o.not_before LIMIT %(most)s
  ) AS waiting
) AS later
CROSS JOIN LATERAL (
  SELECT count(*) AS n FROM (
    SELECT 1 FROM delivery_outbox o WHERE o.sender_id = s.id AND o.state = 10 LIMIT %(most)s
  ) AS waiting
) AS claimed
CROSS JOIN LATERAL (
  SELECT count(*) AS n FROM (
    SELECT 1 FROM delivery_outbox o WHERE o.sender_id = s.id AND o.state = 15 LIMIT %(most)s
  ) AS waiting
) AS uncertain
ORDER BY s.id, ready.urgency
