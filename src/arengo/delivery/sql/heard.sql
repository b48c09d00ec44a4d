-- Messages that came in, a statement a batch: how many, for the pace of their number; and from whom, where a tier is counted.
WITH counted AS (
  INSERT INTO delivery_inbound (organization_id, sender_id, at, messages)
  VALUES (%(organization)s, %(sender)s, now(), %(messages)s)
)
INSERT INTO delivery_heard (organization_id, sender_id, address_hash, at)
SELECT %(organization)s, %(sender)s, hash, at
FROM unnest(%(hashes)s::bytea[], %(times)s::timestamptz[]) AS w (hash, at)
WHERE EXISTS (SELECT FROM delivery_sender WHERE id = %(sender)s AND tier IS NOT NULL)
ORDER BY hash
ON CONFLICT (sender_id, address_hash) DO UPDATE SET at = greatest(delivery_heard.at, EXCLUDED.at)
