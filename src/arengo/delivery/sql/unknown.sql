-- A mailing's doubts that nothing decided: of how many there is evidence that they did not go, by how many neighbours at least
-- and at most, since when the last of them is in doubt, and of how many evidence is still looked for.
SELECT count(w.neighbours), coalesce(min(w.neighbours), 0), coalesce(max(w.neighbours), 0), max(w.since), count(w.weigh_at)
FROM delivery_doubt w
CROSS JOIN LATERAL (SELECT state FROM delivery_delivery WHERE id = w.delivery_id OFFSET 0) AS d
WHERE w.fanout_id = %(fanout)s AND d.state = {{ DeliveryState.UNKNOWN }}
