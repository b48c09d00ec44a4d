-- Of which there is evidence that they did not go (weigh.sql).
d.id = ANY (ARRAY (SELECT w.delivery_id FROM delivery_doubt w WHERE w.fanout_id = %(fanout)s AND w.neighbours IS NOT NULL))
