-- What is known of the deliveries that receipts name by our own id, one row a delivery and message id: whether the id is
-- the delivery's own or that of an earlier copy, and, where it is neither, to whom the delivery went and which copies have
-- no id yet. OFFSET 0 leaves the planner no other way than the primary key.
SELECT t.id, t.hash, d.message_hash = t.hash AS own, d.message_hash IS NULL AS unnamed, c.at AS copied_at,
  CASE WHEN d.message_hash IS DISTINCT FROM t.hash THEN d.address_hash END,
  CASE WHEN d.message_hash IS DISTINCT FROM t.hash THEN d.address_sealed END,
  CASE WHEN d.message_hash IS DISTINCT FROM t.hash THEN ARRAY (
    SELECT id FROM delivery_copy WHERE delivery_id = t.id AND message_hash IS NULL ORDER BY id
  ) END,
  CASE WHEN d.message_hash IS DISTINCT FROM t.hash THEN (
    SELECT max(at) FROM delivery_copy WHERE delivery_id = t.id AND message_hash IS NULL
  ) END
FROM unnest(%(ids)s::bigint[], %(hashes)s::bytea[]) AS t (id, hash)
CROSS JOIN LATERAL (
  SELECT message_hash, address_hash, address_sealed FROM delivery_delivery
  WHERE id = t.id AND sender_id = %(sender)s
  OFFSET 0
) AS d
LEFT JOIN LATERAL (
  SELECT at FROM delivery_copy
  WHERE delivery_id = t.id AND message_hash = t.hash AND d.message_hash IS DISTINCT FROM t.hash
) AS c ON true
