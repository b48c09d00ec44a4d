-- What receipts report beyond their deliveries (timeline/receipts.py): ids that this database never gave out, and messages that
-- as far as it knows nobody has tried to send yet (a claim leaves its epoch; what is sent again waits since later than its making).
WITH present AS (
  SELECT id, cause, first_delivery, before_delivery, last_delivery, seen_delivery FROM delivery_timeline ORDER BY id DESC LIMIT 1
), reported AS (
  SELECT n.id, p.first_delivery, p.before_delivery FROM present p CROSS JOIN unnest(%(ids)s::bigint[]) AS n (id)
  WHERE n.id >> 53 = p.first_delivery >> 53
), unknown AS (
  SELECT t.* FROM reported t
  LEFT JOIN LATERAL (SELECT true AS known FROM delivery_delivery WHERE id = t.id OFFSET 0) AS d ON true
  WHERE d.known IS NULL
)
SELECT p.id,
  EXISTS (
    SELECT FROM unnest(%(ids)s::bigint[]) AS n (id)
    CROSS JOIN LATERAL (
      SELECT not_before FROM delivery_outbox
      WHERE delivery_id = n.id AND sender_id = %(sender)s AND state = {{ OutboxState.READY }} AND attempts = 0 AND claim_epoch IS NULL OFFSET 0
    ) AS o
    CROSS JOIN LATERAL (SELECT created_at FROM delivery_delivery WHERE id = n.id OFFSET 0) AS d
    -- Of earlier timelines it is known already: they are being withheld, or a person released them. (The first has no earlier one.)
    WHERE o.not_before = d.created_at AND (n.id >= p.first_delivery OR p.cause = 'installed')
  ) AS unsent,
  coalesce((SELECT max(u.id) FROM unknown u WHERE u.id >= u.first_delivery), 0)
    > greatest(p.last_delivery, (SELECT max(id) FROM delivery_delivery)) AS never_given,
  (SELECT max(u.id) FROM unknown u WHERE u.id > u.before_delivery AND u.id < u.first_delivery) AS lost,
  p.seen_delivery
FROM present p
