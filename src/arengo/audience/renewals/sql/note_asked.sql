-- Who of these addresses is in the mailing is noted as asked, with their message. Who is noted already is not noted twice.
INSERT INTO audience_renewals_asking (organization_id, renewal_id, mailing_id, identity_id, delivery_id, at, state)
SELECT %(organization)s, %(renewal)s, %(mailing)s, i.id, d.id, d.created_at, {{ Asking.State.WAITING }}
FROM unnest(%(hashes)s::bytea[]) AS h (hash)
JOIN delivery_delivery d ON d.fanout_id = %(fanout)s AND d.address_hash = h.hash
JOIN audience_identity i ON i.organization_id = %(organization)s AND i.platform = %(platform)s
  AND (i.phone_hash = h.hash OR i.phone_hash IS NULL AND i.user_id_hash = h.hash)
ORDER BY i.id
ON CONFLICT (renewal_id, identity_id) DO NOTHING
