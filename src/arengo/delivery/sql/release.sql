-- Withheld deliveries stand in line again, or wait for their time, because a person said so. Returns how many.
WITH mine AS (
  SELECT d.id FROM delivery_outbox o JOIN delivery_delivery d ON d.id = o.delivery_id
  WHERE o.state = 20 AND {which}
  ORDER BY d.id FOR NO KEY UPDATE OF d
), released AS (
  UPDATE delivery_outbox o SET state = CASE WHEN o.not_before <= now() THEN 0 ELSE 5 END, attempts = 0, claim_epoch = NULL
  FROM mine WHERE o.delivery_id = mine.id AND o.state = 20
  RETURNING o.delivery_id
), said AS (
  -- 15: it was claimed when the database was saved. The person knows, and says that it goes.
  UPDATE delivery_delivery d SET state = 0 FROM released r WHERE d.id = r.delivery_id AND d.state IN (5, 15)
)
SELECT count(*) FROM released
