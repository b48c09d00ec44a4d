-- And not the other one, where it came to them with the change.
DELETE FROM {{ chosen }} c USING audience_topics_touched t
WHERE t.change_id = %(change)s AND NOT t.had_target AND t.subscription_id = c.subscription_id AND c.{{ column }} = %(into)s
  AND EXISTS (SELECT FROM {{ chosen }} o WHERE o.subscription_id = c.subscription_id AND o.{{ column }} = %(this)s)
