-- When people last wrote, and how they call themselves. Locked in one order, so that two readers who meet the same people wait
-- instead of blocking each other.
UPDATE audience_identity i SET last_wrote_at = greatest(i.last_wrote_at, v.at), username = coalesce(v.username, i.username)
FROM (
  SELECT l.id, u.at, u.username
  FROM unnest(%(ids)s::bigint[], %(times)s::timestamptz[], %(usernames)s::text[]) AS u (id, at, username)
  JOIN audience_identity l ON l.id = u.id ORDER BY l.id FOR NO KEY UPDATE OF l
) v WHERE i.id = v.id
