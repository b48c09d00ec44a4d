-- As other_quarters.sql, for counting: it looks at the choices of those who made one, once, and not at everybody.
chose_other_quarters AS MATERIALIZED (
  SELECT q.subscription_id FROM audience_subscription_quarters q
  WHERE q.quarter_id = ANY (ARRAY (SELECT o.id FROM audience_quarter o WHERE o.organization_id = %(meant_organization)s))
  GROUP BY q.subscription_id HAVING NOT bool_or(q.quarter_id = ANY(%(meant_quarters)s::bigint[]))
)
