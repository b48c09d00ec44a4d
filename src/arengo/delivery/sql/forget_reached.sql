-- One batch of who was reached longer ago than the limits count (ceilings.PEOPLE_KEPT). One account after the other, since its index leads with the account.
WITH RECURSIVE accounts AS (
  (SELECT organization_id, account FROM delivery_reached ORDER BY organization_id, account LIMIT 1)
  UNION ALL
  SELECT following.* FROM accounts a CROSS JOIN LATERAL (
    SELECT organization_id, account FROM delivery_reached r
    WHERE (r.organization_id, r.account) > (a.organization_id, a.account) ORDER BY organization_id, account LIMIT 1
  ) AS following
)
DELETE FROM delivery_reached WHERE id = ANY (ARRAY (
  SELECT old.id FROM accounts a CROSS JOIN LATERAL (
    SELECT id FROM delivery_reached r
    WHERE r.organization_id = a.organization_id AND r.account = a.account AND r.at < now() - %(kept)s
    ORDER BY r.at LIMIT %(most)s
  ) AS old
  LIMIT %(most)s
))
