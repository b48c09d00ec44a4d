-- As other_topics.sql, for counting: it looks at the choices of those who made one, once, and not at everybody.
chose_other_topics AS MATERIALIZED (
  SELECT t.subscription_id FROM audience_subscription_topics t
  WHERE t.topic_id = ANY (ARRAY (SELECT o.id FROM audience_topic o WHERE o.organization_id = %(meant_organization)s))
  GROUP BY t.subscription_id HAVING NOT bool_or(t.topic_id = ANY(%(meant_topics)s::bigint[]))
)
