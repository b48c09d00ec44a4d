-- How many people left the list of their own will within a window after the message of this mailing to them. Of those who left in
-- that time there are few: each is looked up among the mailing's recipients, by the hash of the address they were written to.
SELECT count(DISTINCT c.identity_id)
FROM audience_consent c
JOIN audience_identity i ON i.id = c.identity_id
JOIN delivery_delivery d ON d.fanout_id = %(fanout)s AND d.address_hash = coalesce(i.phone_hash, i.user_id_hash)
WHERE c.organization_id = %(organization)s AND c.effective AND c.action = {{ Consent.Action.WITHDRAWN }}
  AND c.reason = ANY(%(reasons)s) AND c.at >= %(first)s AND c.at < %(last)s
  AND c.at >= d.accepted_at AND c.at < d.accepted_at + %(hours)s * interval '1 hour'
