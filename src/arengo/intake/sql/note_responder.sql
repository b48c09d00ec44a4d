-- A second responder on a number, from its first to its last sign. ``since`` begins anew where what was known is acknowledged.
-- Returns whether it is the first ever.
INSERT INTO intake_secondresponder AS known (sender_id, since, seen_at) VALUES (%(sender)s, %(first)s, %(last)s)
ON CONFLICT (sender_id) DO UPDATE SET
  since = CASE WHEN known.acknowledged_at >= known.seen_at AND excluded.seen_at > known.acknowledged_at
    THEN excluded.since ELSE least(known.since, excluded.since) END,
  seen_at = greatest(known.seen_at, excluded.seen_at)
WHERE excluded.seen_at > known.seen_at OR excluded.since < known.since
RETURNING (xmax = 0)
