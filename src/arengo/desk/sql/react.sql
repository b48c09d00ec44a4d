-- Citizens' reactions to messages that are here: of several the one that was sent last stands. Returns the conversations.
UPDATE desk_message m SET citizen_reaction = n.emoji, citizen_reacted_at = n.at
FROM unnest(%(ids)s::bigint[], %(emoji)s::text[], %(times)s::timestamptz[]) AS n (id, emoji, at)
WHERE m.id = n.id AND m.erased_at IS NULL AND (m.citizen_reacted_at IS NULL OR m.citizen_reacted_at <= n.at)
RETURNING m.conversation_id
