-- Deliveries of an organization's mailings to these addresses. By mailing and address: the unique index answers, however many
-- deliveries there are.
d.fanout_id IN (SELECT id FROM delivery_fanout WHERE organization_id = %(organization)s AND emptied_at IS NULL)
AND d.address_hash = ANY(%(hashes)s)
