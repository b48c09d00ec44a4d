-- What is not in the outbox: it is neither leaving nor in doubt.
NOT EXISTS (SELECT FROM delivery_outbox o WHERE o.delivery_id = d.id)
