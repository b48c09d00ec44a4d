-- One batch of a forgotten mailing's deliveries, in the order in which they lie: a page is then written once, not twenty times.
-- What a person has just put back into the outbox stays (not decided yet), and so does what somebody holds: it goes the
-- next time. What was sent to somebody whose data are held stays as long as the hold.
WITH batch AS (
  SELECT id FROM delivery_delivery
  WHERE id BETWEEN %(first)s AND %(last)s AND fanout_id = %(fanout)s AND state > {{ DeliveryState.UNCERTAIN }}
    AND address_hash <> ALL (%(held)s::bytea[])
  ORDER BY id LIMIT %(most)s
  FOR NO KEY UPDATE SKIP LOCKED
), gone AS (
  DELETE FROM delivery_delivery WHERE id = ANY (ARRAY (SELECT id FROM batch))
  RETURNING id
), doubts AS (
  DELETE FROM delivery_doubt WHERE delivery_id = ANY (ARRAY (SELECT id FROM gone))
), tries AS (
  DELETE FROM delivery_secondtry WHERE delivery_id = ANY (ARRAY (SELECT id FROM gone))
)
SELECT count(*), max(id) FROM gone
