-- The present timeline moves forward, with the highest delivery id that it has seen.
UPDATE delivery_timeline SET tick = tick + 1, moved_at = now(),
  last_delivery = greatest(last_delivery, (SELECT max(id) FROM delivery_delivery))
WHERE id = %(timeline)s RETURNING tick, moved_at
