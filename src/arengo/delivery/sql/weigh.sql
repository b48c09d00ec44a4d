-- Looks for evidence that what is unknown did not go: at each moment at which it may have gone at least so many others of its
-- number went, and all of them have a receipt. Where there is none yet, it looks again after twice the time, for a day.
-- Every LATERAL … OFFSET 0 is one look along an index or by key. Returns the screens to tell.
WITH due AS (
  SELECT w.delivery_id, w.sender_id, w.tried_at FROM delivery_doubt w
  WHERE w.weigh_at <= now()
  ORDER BY w.weigh_at LIMIT %(most)s
  FOR NO KEY UPDATE SKIP LOCKED
), moments AS (
  SELECT due.delivery_id, due.sender_id, t.at
  FROM due
  CROSS JOIN LATERAL (SELECT state FROM delivery_delivery WHERE id = due.delivery_id OFFSET 0) AS d
  CROSS JOIN LATERAL unnest(due.tried_at) AS t (at)
  WHERE d.state = {{ DeliveryState.UNKNOWN }}
), seconds AS (
  SELECT DISTINCT m.sender_id, s.second
  FROM moments m
  CROSS JOIN LATERAL generate_series(
    date_trunc('second', m.at - %(around)s), m.at + %(around)s, interval '1 second'
  ) AS s (second)
), nearby AS (
  SELECT DISTINCT s.sender_id, n.id
  FROM seconds s
  CROSS JOIN LATERAL (
    SELECT deliveries FROM delivery_acceptances WHERE sender_id = s.sender_id AND second = s.second OFFSET 0
  ) AS a
  CROSS JOIN LATERAL unnest(a.deliveries) AS n (id)
), sends AS MATERIALIZED (
  SELECT n.sender_id, d.accepted_at, d.state >= {{ DeliveryState.SENT }} AS reported
  FROM nearby n
  CROSS JOIN LATERAL (SELECT accepted_at, state FROM delivery_delivery WHERE id = n.id OFFSET 0) AS d
  WHERE d.state BETWEEN {{ DeliveryState.ACCEPTED }} AND {{ DeliveryState.FAILED }}
), counted AS (
  SELECT m.delivery_id, m.at, count(s.reported) AS n, coalesce(bool_and(s.reported), false) AS all_reported
  FROM moments m
  LEFT JOIN sends s ON s.sender_id = m.sender_id AND s.accepted_at BETWEEN m.at - %(around)s AND m.at + %(around)s
  GROUP BY m.delivery_id, m.at
), weighed AS (
  SELECT delivery_id, CASE WHEN bool_and(all_reported AND n >= %(neighbours)s) THEN min(n) END AS neighbours
  FROM counted GROUP BY delivery_id
), noted AS (
  UPDATE delivery_doubt w SET
    neighbours = v.neighbours,
    weigh_at = CASE
      WHEN v.delivery_id IS NOT NULL AND v.neighbours IS NULL AND now() < w.since + %(until)s
        THEN now() + greatest(%(after)s, now() - w.since)
    END
  FROM due LEFT JOIN weighed v ON v.delivery_id = due.delivery_id
  WHERE w.delivery_id = due.delivery_id
  RETURNING w.delivery_id, w.organization_id, w.fanout_id, w.neighbours
)
SELECT n.organization_id, coalesce(f.topic, d.topic) AS topic, count(*) AS n
FROM noted n
CROSS JOIN LATERAL (SELECT topic FROM delivery_delivery WHERE id = n.delivery_id OFFSET 0) AS d
LEFT JOIN delivery_fanout f ON f.id = n.fanout_id
GROUP BY 1, 2
