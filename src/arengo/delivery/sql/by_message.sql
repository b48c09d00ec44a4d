-- Deliveries by the platform's message id, for receipts that do not bring back our own: single messages, and the mailings of
-- the last weeks one by one, in each of which the index leads straight there. OFFSET 0 leaves the planner no other way.
WITH wanted AS (
  SELECT DISTINCT message_id FROM unnest(%(ids)s::text[]) AS w (message_id)
), lately AS (
  SELECT id FROM delivery_fanout
  -- Meta: tries for up to 30 days
  WHERE sender_id = %(sender)s AND emptied_at IS NULL AND last_accepted_at > now() - interval '35 days'
)
SELECT d.id, w.message_id
FROM wanted w
CROSS JOIN lately f
CROSS JOIN LATERAL (
  SELECT id FROM delivery_delivery
  WHERE fanout_id = f.id AND hashtext(message_id) = hashtext(w.message_id) AND message_id = w.message_id AND message_id <> ''
  OFFSET 0
) AS d
UNION ALL
SELECT d.id, w.message_id
FROM wanted w
CROSS JOIN LATERAL (
  SELECT id FROM delivery_delivery
  WHERE fanout_id IS NULL AND message_id = w.message_id AND message_id <> '' AND sender_id = %(sender)s
  OFFSET 0
) AS d
