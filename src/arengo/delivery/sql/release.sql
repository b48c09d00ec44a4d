-- Withheld deliveries stand in line again, or wait for their time, because a person said so. Returns how many.
-- What was in hand when the database was saved may have gone then: an alert's one repeat is this one, and evidence about it asks
-- for that moment too.
WITH mine AS (
  SELECT d.id, o.tried_at FROM delivery_outbox o JOIN delivery_delivery d ON d.id = o.delivery_id
  WHERE o.state = {{ OutboxState.WITHHELD }} AND {{ which }}
  ORDER BY d.id FOR NO KEY UPDATE OF d
), released AS (
  UPDATE delivery_outbox o SET state = CASE WHEN o.not_before <= now() THEN {{ OutboxState.READY }} ELSE {{ OutboxState.LATER }} END, attempts = 0, claim_epoch = NULL,
    tried_at = NULL
  FROM mine WHERE o.delivery_id = mine.id AND o.state = {{ OutboxState.WITHHELD }}
  RETURNING o.delivery_id, o.organization_id, o.sender_id, o.fanout_id, o.urgency, mine.tried_at
), doubted AS (
  INSERT INTO delivery_doubt AS w (delivery_id, organization_id, sender_id, fanout_id, tried_at, since, repeats)
  SELECT delivery_id, organization_id, sender_id, fanout_id, ARRAY[tried_at], now(), CASE WHEN urgency = {{ Urgency.ALERT }} THEN %(repeats)s ELSE 0 END
  FROM released WHERE tried_at IS NOT NULL
  ORDER BY delivery_id
  ON CONFLICT (delivery_id) DO UPDATE SET
    tried_at = (w.tried_at || EXCLUDED.tried_at)[greatest(1, cardinality(w.tried_at) + 2 - %(tries)s):],
    since = EXCLUDED.since, repeats = greatest(w.repeats, EXCLUDED.repeats), neighbours = NULL, weigh_at = NULL
), said AS (
  -- UNCERTAIN: it was claimed when the database was saved. The person knows, and says that it goes.
  UPDATE delivery_delivery d SET state = {{ DeliveryState.QUEUED }} FROM released r WHERE d.id = r.delivery_id AND d.state IN ({{ DeliveryState.WITHHELD }}, {{ DeliveryState.UNCERTAIN }})
)
SELECT count(*) FROM released
