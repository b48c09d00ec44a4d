-- Of those on the list: who chose this one, the other one, both, and this one alone.
SELECT count(*) FILTER (WHERE w.this), count(*) FILTER (WHERE w.other), count(*) FILTER (WHERE w.this AND w.other),
  count(*) FILTER (WHERE w.this AND w.chosen = 1)
FROM (
  SELECT bool_or(c.{{ column }} = %(this)s) AS this, bool_or(c.{{ column }} = %(other)s) AS other, count(*) AS chosen
  FROM {{ chosen }} c JOIN audience_subscription s ON s.id = c.subscription_id
  WHERE s.active AND c.subscription_id IN (SELECT subscription_id FROM {{ chosen }} WHERE {{ column }} IN (%(this)s, %(other)s))
  GROUP BY c.subscription_id
) AS w
