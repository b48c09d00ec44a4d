-- The senders of which single messages are withheld.
SELECT DISTINCT sender_id FROM delivery_outbox
WHERE state = {{ OutboxState.WITHHELD }} AND organization_id = %(organization)s AND fanout_id IS NULL
