-- As which_of_mailings.sql, of mailings of which something still waits.
d.fanout_id IN (SELECT id FROM delivery_fanout WHERE organization_id = %(organization)s AND n_waiting > 0)
AND d.address_hash = ANY(%(hashes)s)
