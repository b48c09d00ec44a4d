-- Of these addresses, those who are asked: on the list since before the version was published, who were not asked by this renewal
-- and have not accepted this version before. In the order given.
SELECT h.place
FROM unnest(%(hashes)s::bytea[]) WITH ORDINALITY AS h (hash, place)
JOIN audience_identity i ON i.organization_id = %(organization)s AND i.platform = %(platform)s
  AND (i.phone_hash = h.hash OR i.phone_hash IS NULL AND i.user_id_hash = h.hash)
JOIN audience_subscription s ON s.identity_id = i.id AND s.active AND s.since < %(published)s
WHERE NOT EXISTS (
  SELECT FROM audience_renewals_asking a JOIN audience_renewals_renewal r ON r.id = a.renewal_id
  WHERE a.identity_id = i.id
    AND (a.renewal_id = %(renewal)s OR r.policy_id = %(policy)s AND a.state = {{ Asking.State.ACCEPTED }})
)
ORDER BY h.place
