-- The latest messages of several conversations, the first conversation's first: of each as many as are wanted at most, so that none
-- is read from end to end; then the first of all these.
SELECT m.id
FROM unnest(%(conversations)s::bigint[]) WITH ORDINALITY AS c (id, place)
CROSS JOIN LATERAL (
  SELECT id, sent_at FROM desk_message WHERE conversation_id = c.id ORDER BY sent_at DESC, id DESC LIMIT %(most)s
) AS m
ORDER BY c.place, m.sent_at DESC, m.id DESC
LIMIT %(most)s
