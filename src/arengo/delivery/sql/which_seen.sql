-- Not what came into doubt after the person looked at it.
NOT EXISTS (SELECT FROM delivery_doubt w WHERE w.delivery_id = d.id AND w.since > %(seen)s)
