-- An undone change: who was touched has this one again. Not who chose otherwise meanwhile: who gave up the other one, or wants
-- everything by now.
INSERT INTO {{ chosen }} (subscription_id, {{ column }})
SELECT t.subscription_id, %(this)s FROM audience_topics_touched t
WHERE t.change_id = %(change)s AND EXISTS (
  SELECT FROM {{ chosen }} o WHERE o.subscription_id = t.subscription_id
    AND (o.{{ column }} = %(into)s OR t.had_target AND %(by_removing)s)
) ON CONFLICT DO NOTHING
