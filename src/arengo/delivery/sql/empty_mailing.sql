-- One bite of a forgotten mailing's deliveries, along the index of who was written to. What a person has just put back into
-- the outbox stays (states up to 15), and so does what somebody holds: it goes the next time.
WITH bite AS (
  SELECT id, address_hash FROM delivery_delivery
  WHERE fanout_id = %(fanout)s AND address_hash > %(after)s AND state > 15
  ORDER BY address_hash LIMIT %(most)s
  FOR UPDATE SKIP LOCKED
), gone AS (
  DELETE FROM delivery_delivery WHERE id = ANY (ARRAY (SELECT id FROM bite))
  RETURNING 1
)
SELECT (SELECT count(*) FROM gone), (SELECT address_hash FROM bite ORDER BY address_hash DESC LIMIT 1)
