-- How much waits for each sender: counted up to a bound along the outbox's own indexes, so that a queue of millions costs no
-- more than one of thousands. What reaches the bound is known from the mailings' own counters (status.py).
-- «+ 0» is how the index for claims was made (claim.sql): each order here is one that only the right index can give.
SELECT s.id, ready.urgency, ready.n, ready.since, later.n, later.held, later.first, claimed.n, uncertain.n
FROM unnest(%(senders)s::bigint[]) AS s (id)
CROSS JOIN LATERAL (
  SELECT u.urgency, counted.n, first.since
  FROM unnest(%(urgencies)s::smallint[]) AS u (urgency)
  CROSS JOIN LATERAL (
    SELECT count(*) AS n FROM (
      SELECT 1 FROM delivery_outbox o
      WHERE o.sender_id = s.id AND o.urgency = u.urgency AND o.state = {{ OutboxState.READY }} ORDER BY o.delivery_id + 0 LIMIT %(most)s
    ) AS waiting
  ) AS counted
  LEFT JOIN LATERAL (
    SELECT o.not_before AS since FROM delivery_outbox o
    WHERE o.sender_id = s.id AND o.urgency = u.urgency AND o.state = {{ OutboxState.READY }} ORDER BY o.delivery_id + 0 LIMIT 1
  ) AS first ON true
) AS ready
CROSS JOIN LATERAL (
  SELECT count(*) AS n, count(*) FILTER (WHERE waiting.held) AS held, min(waiting.not_before) AS first FROM (
    SELECT o.not_before, o.held FROM delivery_outbox o
    WHERE o.sender_id = s.id AND o.state = {{ OutboxState.LATER }} ORDER BY o.not_before LIMIT %(most)s
  ) AS waiting
) AS later
CROSS JOIN LATERAL (
  SELECT count(*) AS n FROM (
    SELECT 1 FROM delivery_outbox o
    WHERE o.sender_id = s.id AND o.state = {{ OutboxState.CLAIMED }} ORDER BY o.delivery_id LIMIT %(most)s
  ) AS waiting
) AS claimed
CROSS JOIN LATERAL (
  SELECT count(*) AS n FROM (
    SELECT 1 FROM delivery_outbox o
    WHERE o.sender_id = s.id AND o.state = {{ OutboxState.UNCERTAIN }} ORDER BY o.delivery_id LIMIT %(most)s
  ) AS waiting
) AS uncertain
ORDER BY s.id, ready.urgency
