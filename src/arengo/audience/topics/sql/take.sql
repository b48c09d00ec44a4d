-- Those whom a change touched no longer have this one.
DELETE FROM {{ chosen }} c USING audience_topics_touched t
WHERE t.change_id = %(change)s AND t.subscription_id = c.subscription_id AND c.{{ column }} = %(this)s
