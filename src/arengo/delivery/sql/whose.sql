-- What we sent under these message ids: single messages first, then what was sent more than once, then the mailings that are
-- kept, the newest first: most quotes and reactions are about the last one, and LIMIT 1 ends the search where it is found.
-- OFFSET 0 leaves the planner no other way than the indexes by hash.
WITH wanted AS (
  SELECT DISTINCT hash FROM unnest(%(hashes)s::bytea[]) AS w (hash)
)
SELECT w.hash, found.id, found.fanout_id
FROM wanted w
CROSS JOIN LATERAL (
  SELECT * FROM (
    SELECT id, fanout_id FROM delivery_delivery
    WHERE fanout_id IS NULL AND message_hash = w.hash AND sender_id = %(sender)s
    OFFSET 0
  ) AS single
  UNION ALL
  SELECT d.id, d.fanout_id
  FROM delivery_copy c
  CROSS JOIN LATERAL (SELECT id, fanout_id FROM delivery_delivery WHERE id = c.delivery_id OFFSET 0) AS d
  WHERE c.message_hash = w.hash AND c.sender_id = %(sender)s
  UNION ALL
  SELECT d.id, f.id
  FROM (
    SELECT id FROM delivery_fanout WHERE sender_id = %(sender)s AND emptied_at IS NULL ORDER BY id DESC OFFSET 0
  ) AS f
  CROSS JOIN LATERAL (
    SELECT id FROM delivery_delivery
    WHERE fanout_id = f.id AND substring(message_hash, 1, 4) = substring(w.hash, 1, 4) AND message_hash = w.hash
    OFFSET 0
  ) AS d
  LIMIT 1
) AS found
