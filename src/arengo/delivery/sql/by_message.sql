-- Deliveries by the hash of the platform's message id, for receipts that do not bring back our own: single messages, the
-- mailings of the last weeks one by one, in each of which the index leads straight there, and what was sent more than once. OFFSET 0 leaves the planner no other
-- way.
WITH wanted AS (
  SELECT DISTINCT hash FROM unnest(%(hashes)s::bytea[]) AS w (hash)
), lately AS (
  SELECT id FROM delivery_fanout
  -- Meta: tries for up to 30 days
  WHERE sender_id = %(sender)s AND emptied_at IS NULL AND last_accepted_at > now() - interval '35 days'
)
SELECT d.id, w.hash
FROM wanted w
CROSS JOIN lately f
CROSS JOIN LATERAL (
  SELECT id FROM delivery_delivery
  WHERE fanout_id = f.id AND substring(message_hash, 1, 4) = substring(w.hash, 1, 4) AND message_hash = w.hash
  OFFSET 0
) AS d
UNION ALL
SELECT d.id, w.hash
FROM wanted w
CROSS JOIN LATERAL (
  SELECT id FROM delivery_delivery
  WHERE fanout_id IS NULL AND message_hash = w.hash AND sender_id = %(sender)s
  OFFSET 0
) AS d
UNION ALL
SELECT c.delivery_id, w.hash
FROM wanted w
CROSS JOIN LATERAL (
  SELECT delivery_id FROM delivery_copy WHERE message_hash = w.hash AND sender_id = %(sender)s
  OFFSET 0
) AS c
