-- Which of these ids something waits for.
SELECT quoted_hash FROM desk_message WHERE sender_id = %(sender)s AND quoted_hash = ANY(%(hashes)s::bytea[])
UNION
SELECT referred_hash FROM desk_reaction
WHERE sender_id = %(sender)s AND referred_hash = ANY(%(hashes)s::bytea[]) AND fanout_id IS NULL
