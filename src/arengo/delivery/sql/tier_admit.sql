-- Of addresses that want a message from us, in the order in which they would leave: those to whom it may leave today.
-- Whoever wrote in the last day is answered, and whoever was reached in it counts once: neither needs room.
WITH wanted AS (
  SELECT hash, min(place) AS place
  FROM unnest(%(hashes)s::bytea[]) WITH ORDINALITY AS w (hash, place) GROUP BY hash
), known AS (
  SELECT w.hash, w.place, r.address_hash IS NOT NULL AS reached, h.address_hash IS NOT NULL AS heard
  FROM wanted w
  LEFT JOIN delivery_reached r ON r.organization_id = %(organization)s AND r.account = %(account)s
    AND r.address_hash = w.hash AND r.at > now() - %(day)s
  LEFT JOIN delivery_heard h ON h.sender_id = %(sender)s AND h.address_hash = w.hash AND h.at > now() - %(window)s
), room AS (
  -- Counted only where it may have become scarce (daily.py): with 100,000 people reached a count is tens of milliseconds.
  SELECT CASE WHEN %(count)s THEN greatest(0, %(tier)s - (
    SELECT count(*) FROM delivery_reached
    WHERE organization_id = %(organization)s AND account = %(account)s AND at > now() - %(day)s
  )) ELSE %(tier)s END AS n
), fresh AS (
  SELECT hash FROM known WHERE NOT reached AND NOT heard ORDER BY place LIMIT (SELECT n FROM room)
), noted AS (
  INSERT INTO delivery_reached (organization_id, account, address_hash, at)
  SELECT %(organization)s, %(account)s, hash, now()
  FROM (SELECT hash FROM fresh UNION ALL SELECT hash FROM known WHERE reached AND NOT heard) AS counted
  ORDER BY hash
  ON CONFLICT (organization_id, account, address_hash) DO UPDATE SET at = EXCLUDED.at
)
SELECT hash, (SELECT n FROM room) FROM fresh
UNION ALL
SELECT hash, (SELECT n FROM room) FROM known WHERE reached OR heard
