-- Of those on the list: how many chose topics at all (topic 0), and how many chose each.
WITH chosen AS (
  SELECT t.subscription_id, t.topic_id FROM audience_subscription_topics t
  JOIN audience_subscription s ON s.id = t.subscription_id AND s.active AND s.organization_id = %(organization)s
)
SELECT 0, count(DISTINCT subscription_id) FROM chosen
UNION ALL
SELECT topic_id, count(*) FROM chosen GROUP BY topic_id
