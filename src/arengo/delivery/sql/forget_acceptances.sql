-- One batch of what was accepted longer ago than evidence is looked for (ceilings.ACCEPTANCES_KEPT). One number after the other,
-- along its index.
DELETE FROM delivery_acceptances WHERE id = ANY (ARRAY (
  SELECT old.id FROM delivery_sender s CROSS JOIN LATERAL (
    SELECT id FROM delivery_acceptances a
    WHERE a.sender_id = s.id AND a.second < now() - %(kept)s ORDER BY a.second LIMIT %(most)s
  ) AS old
  LIMIT %(most)s
))
