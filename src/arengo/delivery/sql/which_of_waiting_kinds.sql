-- As which_of_waiting_mailings.sql, of mailings of these urgencies.
d.fanout_id IN (
  SELECT id FROM delivery_fanout
  WHERE organization_id = %(organization)s AND n_waiting > 0 AND urgency = ANY(%(kinds)s)
)
AND d.address_hash = ANY(%(hashes)s)
