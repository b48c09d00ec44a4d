-- Who had this one, and whether the other one too: they will be moved. Also who left the list: they may come back.
INSERT INTO audience_topics_touched (organization_id, change_id, subscription_id, had_target)
SELECT %(organization)s, %(change)s, c.subscription_id,
  EXISTS (SELECT FROM {{ chosen }} o WHERE o.subscription_id = c.subscription_id AND o.{{ column }} = %(into)s)
FROM {{ chosen }} c WHERE c.{{ column }} = %(this)s
