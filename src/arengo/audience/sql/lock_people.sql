-- These people, and those where they are reached of whom two addresses are linked, locked in the order of their ids.
SELECT i.id FROM audience_identity i
WHERE i.id = ANY (ARRAY (
  SELECT w.id FROM unnest(%(ids)s::bigint[]) AS w (id)
  UNION
  SELECT s.replaced_by_id FROM audience_subscription s
  WHERE s.identity_id = ANY(%(ids)s::bigint[]) AND s.replaced_by_id IS NOT NULL
))
ORDER BY i.id FOR NO KEY UPDATE
