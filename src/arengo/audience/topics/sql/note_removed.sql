-- Who had this one beside others; with a target also who had it alone. The others keep it: without it they would receive everything.
INSERT INTO audience_topics_touched (organization_id, change_id, subscription_id, had_target)
SELECT %(organization)s, %(change)s, w.subscription_id, w.several
FROM (
  SELECT c.subscription_id, EXISTS (
    SELECT FROM {{ chosen }} o WHERE o.subscription_id = c.subscription_id AND o.{{ column }} <> %(this)s
  ) AS several
  FROM {{ chosen }} c WHERE c.{{ column }} = %(this)s
) AS w
WHERE w.several OR %(into)s::bigint IS NOT NULL
