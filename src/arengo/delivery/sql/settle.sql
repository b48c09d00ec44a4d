-- Decides deliveries that stayed uncertain: claimed, perhaps sent, and no receipt came in time.
-- An alert goes again: heard twice is better than not heard. Anything else does not: it stays on screen as unknown. Nor does
-- what was to go to somebody who was erased: it has no address.
WITH due AS (
  SELECT d.id, CASE WHEN d.address_sealed = '' THEN 2 ELSE o.urgency END AS urgency FROM delivery_outbox o JOIN delivery_delivery d ON d.id = o.delivery_id
  WHERE o.sender_id = %(sender)s AND o.state = 15 AND o.claimed_at < now() - make_interval(secs => %(patience)s)
  ORDER BY d.id LIMIT 5000 FOR NO KEY UPDATE OF d SKIP LOCKED
), again AS (
  UPDATE delivery_outbox o SET state = 0, not_before = now(), claimed_at = NULL
  FROM due WHERE o.delivery_id = due.id AND due.urgency = 0 AND o.state = 15
  RETURNING o.delivery_id
), over AS (
  DELETE FROM delivery_outbox o USING due
  WHERE o.delivery_id = due.id AND due.urgency <> 0 AND o.state = 15
  RETURNING o.delivery_id
), decided AS (
  UPDATE delivery_delivery d SET state = t.state
  FROM (SELECT delivery_id, 0 AS state FROM again UNION ALL SELECT delivery_id, 17 FROM over) t
  WHERE d.id = t.delivery_id
  RETURNING d.organization_id, d.fanout_id, d.topic, d.state
), counted AS (
  UPDATE delivery_fanout f SET n_unknown = n_unknown + t.n, n_waiting = n_waiting - t.n
  FROM (
    SELECT c.* FROM (SELECT fanout_id, count(*) AS n FROM decided WHERE state = 17 AND fanout_id IS NOT NULL GROUP BY fanout_id ORDER BY fanout_id) c
    CROSS JOIN LATERAL (SELECT FROM delivery_fanout WHERE id = c.fanout_id FOR NO KEY UPDATE) AS turn  -- in one order (move.sql)
  ) t
  WHERE f.id = t.fanout_id
  RETURNING f.organization_id, f.topic
)
SELECT DISTINCT organization_id, topic FROM decided WHERE topic <> ''
UNION
SELECT organization_id, topic FROM counted WHERE topic <> ''
