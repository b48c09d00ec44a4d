-- The last single messages of each of these senders that the platform took, the latest first: a few each.
SELECT s.id, d.state, d.accepted_at
FROM unnest(%(senders)s::bigint[]) AS s (id)
CROSS JOIN LATERAL (
  SELECT state, accepted_at, created_at FROM delivery_delivery
  WHERE sender_id = s.id AND fanout_id IS NULL AND created_at > %(from)s AND created_at < %(until)s
  ORDER BY created_at DESC LIMIT %(most)s
) AS d
WHERE d.accepted_at IS NOT NULL
ORDER BY s.id, d.created_at DESC
