-- How many people each organization has, all of them counted.
INSERT INTO audience_people_keptcount (organization_id, cards, subscribed, "left", at)
SELECT o.id,
  (SELECT count(*) FROM audience_contact c WHERE c.organization_id = o.id),
  (SELECT count(*) FROM audience_subscription s WHERE s.organization_id = o.id AND s.active),
  (SELECT count(*) FROM audience_subscription s WHERE s.organization_id = o.id AND NOT s.active AND s.ended_at IS NOT NULL),
  now()
FROM core_organization o ORDER BY o.id
ON CONFLICT (organization_id) DO UPDATE
SET cards = EXCLUDED.cards, subscribed = EXCLUDED.subscribed, "left" = EXCLUDED."left", at = EXCLUDED.at
