-- Messages that were just stored become the latest of their conversations. Nothing is looked up: what stands in the row is the
-- latest of all that came before, and ``unsent`` are the conversations whose message cannot go. Returns those in which they did.
UPDATE desk_conversation c SET last_message_id = n.id, last_message_at = n.at,
  undelivered_since = CASE WHEN c.id = ANY(%(unsent)s::bigint[]) THEN n.at END
FROM unnest(%(conversations)s::bigint[], %(ids)s::bigint[], %(times)s::timestamptz[]) AS n (conversation, id, at)
WHERE c.id = n.conversation AND (c.last_message_at, c.last_message_id) < (n.at, n.id)
RETURNING c.id
