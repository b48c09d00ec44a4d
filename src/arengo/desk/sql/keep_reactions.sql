-- Reactions to updates, and those whose message is not here yet, by the hash of the message's id.
INSERT INTO desk_reaction AS known (organization_id, sender_id, contact_id, referred_hash, fanout_id, emoji, sent_at, received_at)
SELECT %(organization)s, %(sender)s, n.contact_id, n.hash, n.fanout_id, n.emoji, n.at, now()
FROM unnest(%(contacts)s::bigint[], %(hashes)s::bytea[], %(fanouts)s::bigint[], %(emoji)s::text[], %(times)s::timestamptz[])
  AS n (contact_id, hash, fanout_id, emoji, at)
ORDER BY n.hash
ON CONFLICT (sender_id, referred_hash) DO UPDATE SET emoji = excluded.emoji, sent_at = excluded.sent_at,
  fanout_id = coalesce(excluded.fanout_id, known.fanout_id)
WHERE known.sent_at <= excluded.sent_at
