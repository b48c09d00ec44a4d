-- Withheld deliveries do not leave any more: cancelled, with the reason (``code``). Returns how many.
WITH mine AS (
  SELECT d.id FROM delivery_outbox o JOIN delivery_delivery d ON d.id = o.delivery_id
  WHERE o.state = {{ OutboxState.WITHHELD }} AND {{ which }}
  ORDER BY d.id FOR NO KEY UPDATE OF d
), gone AS (
  DELETE FROM delivery_outbox o USING mine WHERE o.delivery_id = mine.id AND o.state = {{ OutboxState.WITHHELD }}
  RETURNING o.delivery_id, o.fanout_id
), cancelled AS (
  UPDATE delivery_delivery d SET state = {{ DeliveryState.CANCELLED }}, code = %(code)s FROM gone WHERE d.id = gone.delivery_id
), counted AS (
  UPDATE delivery_fanout f SET n_waiting = n_waiting - t.n, n_cancelled = n_cancelled + t.n
  FROM (SELECT fanout_id, count(*) AS n FROM gone WHERE fanout_id IS NOT NULL GROUP BY fanout_id) t
  WHERE f.id = t.fanout_id
)
SELECT count(*) FROM gone
