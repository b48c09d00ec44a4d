-- They have the other one instead, where they had not.
INSERT INTO {{ chosen }} (subscription_id, {{ column }})
SELECT t.subscription_id, %(into)s FROM audience_topics_touched t
WHERE t.change_id = %(change)s AND NOT t.had_target ON CONFLICT DO NOTHING
