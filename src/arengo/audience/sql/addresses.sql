-- A page of the list: where each who is meant is reached. Each page costs the same, however few of it are meant; of the others
-- only their place is fetched.
SELECT s.id, i.phone_sealed, i.user_id_sealed
FROM (
  SELECT s.id, s.identity_id, s.frequency FROM audience_subscription s
  WHERE {{ on_list }} AND s.id > %(after)s ORDER BY s.id LIMIT %(page)s
) AS s
LEFT JOIN LATERAL (
  SELECT i.phone_sealed, i.user_id_sealed FROM audience_identity i WHERE i.id = s.identity_id {{ meant }} OFFSET 0
) AS i ON true
ORDER BY s.id
