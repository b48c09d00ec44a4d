-- The latest message of each of these conversations, as their rows show it, and whether it is one of ours that did not go. The
-- order of ``inbox.thread``: time of sending decides, whatever order messages come in.
UPDATE desk_conversation c SET last_message_id = latest.id, last_message_at = latest.sent_at,
  undelivered_since = CASE WHEN latest.direction = 'out' THEN desk_undelivered(latest.id) END
FROM unnest(%(conversations)s::bigint[]) AS wanted (id)
CROSS JOIN LATERAL (
  SELECT m.id, m.sent_at, m.direction FROM desk_message m WHERE m.conversation_id = wanted.id
  ORDER BY m.sent_at DESC, m.id DESC LIMIT 1
) AS latest
WHERE c.id = wanted.id AND c.last_message_id IS DISTINCT FROM latest.id
