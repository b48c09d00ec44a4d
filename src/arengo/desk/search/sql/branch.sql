-- The newest of one kind, and no more than so many: a frequent word is walked from the newest, a rare one is found in the index.
-- Desk and kind are lexemes of the vector, so that the index answers for them too.
(SELECT e.id, e.kind, e.source, e.conversation_id, e.at, e.words
FROM desk_search_entry e JOIN desk_conversation c ON c.id = e.conversation_id
WHERE e.organization_id = %(organization)s AND e.words @@ {{ query }} {{ filters }}
ORDER BY e.at DESC, e.id DESC LIMIT %(most)s)
