-- The ids for which something waits that came in since then, the newest first.
SELECT organization_id, sender_id, hash FROM (
  SELECT organization_id, sender_id, quoted_hash AS hash, received_at FROM desk_message
  WHERE quoted_hash IS NOT NULL AND received_at > %(since)s
  UNION ALL
  SELECT organization_id, sender_id, referred_hash, received_at FROM desk_reaction
  WHERE fanout_id IS NULL AND received_at > %(since)s
) AS waiting GROUP BY 1, 2, 3 ORDER BY max(received_at) DESC LIMIT %(most)s
