-- One batch of who wrote longer ago than that (ceilings.PEOPLE_KEPT), also of a number with another owner since. One number after the other, along its index.
DELETE FROM delivery_heard WHERE id = ANY (ARRAY (
  SELECT old.id FROM delivery_sender s CROSS JOIN LATERAL (
    SELECT id FROM delivery_heard h WHERE h.sender_id = s.id AND h.at < now() - %(kept)s ORDER BY h.at LIMIT %(most)s
  ) AS old
  LIMIT %(most)s
))
