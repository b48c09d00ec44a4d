-- What waited for these ids is about these mailings. Returns the conversations whose screens changed.
WITH known AS (
  SELECT hash, fanout_id FROM unnest(%(hashes)s::bytea[], %(fanouts)s::bigint[]) AS n (hash, fanout_id)
), quoting AS (
  UPDATE desk_message m SET quoted_fanout_id = k.fanout_id, quoted_hash = NULL
  FROM known k WHERE m.sender_id = %(sender)s AND m.quoted_hash = k.hash
  RETURNING m.conversation_id
), reacting AS (
  UPDATE desk_reaction r SET fanout_id = k.fanout_id
  FROM known k WHERE r.sender_id = %(sender)s AND r.referred_hash = k.hash
  RETURNING r.contact_id
)
SELECT conversation_id FROM quoting
UNION
SELECT c.id FROM reacting r JOIN desk_conversation c ON c.contact_id = r.contact_id AND c.sender_id = %(sender)s
