-- Single messages of an organization that are withheld: how many, from when to when, how many of more than a day ago.
SELECT count(*), min(d.created_at), max(d.created_at), count(*) FILTER (WHERE d.created_at < now() - interval '1 day')
FROM delivery_outbox o JOIN delivery_delivery d ON d.id = o.delivery_id
WHERE o.state = {{ OutboxState.WITHHELD }} AND o.organization_id = %(organization)s AND o.fanout_id IS NULL
