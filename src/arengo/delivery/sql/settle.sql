-- Decides deliveries that stayed uncertain: claimed, perhaps sent, and no receipt came in time.
-- An alert goes again: heard twice is better than not heard. Anything else does not: it stays on screen as unknown.
WITH due AS (
  SELECT id, urgency FROM delivery_delivery
  WHERE sender_id = %(sender)s AND state = 15 AND claimed_at < now() - make_interval(secs => %(patience)s)
  ORDER BY id LIMIT 5000 FOR UPDATE SKIP LOCKED
), decided AS (
  UPDATE delivery_delivery d
  SET state = CASE WHEN due.urgency = 0 THEN 0 ELSE 17 END, not_before = now()
  FROM due WHERE d.id = due.id
  RETURNING d.organization_id, d.fanout_id, d.topic, d.state
), counted AS (
  UPDATE delivery_fanout f SET n_unknown = n_unknown + t.n
  FROM (SELECT fanout_id, count(*) AS n FROM decided WHERE state = 17 AND fanout_id IS NOT NULL GROUP BY fanout_id) t
  WHERE f.id = t.fanout_id
  RETURNING f.organization_id, f.topic
)
SELECT DISTINCT organization_id, topic FROM decided WHERE topic <> ''
UNION
SELECT organization_id, topic FROM counted WHERE topic <> ''
