-- Which of these messages of these identities the log of consents holds. Pairs, not two lists: of two lists the index would
-- try each person with each message.
SELECT c.identity_id, c.message_hash
FROM unnest(%(identities)s::bigint[], %(hashes)s::bytea[]) AS w (identity_id, message_hash)
CROSS JOIN LATERAL (
  SELECT identity_id, message_hash FROM audience_consent
  WHERE identity_id = w.identity_id AND message_hash = w.message_hash OFFSET 0
) AS c
