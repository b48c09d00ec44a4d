-- One miss more for those of them who are on the list; a second mailing of the same day is none. Locked in the order of the people.
INSERT INTO audience_unreached_miss AS m (organization_id, identity_id, times, invalid, first_at, last_at)
SELECT %(organization)s, i.id, 1, %(invalid)s, %(at)s, %(at)s
FROM delivery_delivery d
JOIN audience_identity i ON i.organization_id = %(organization)s AND i.platform = %(platform)s
  AND (i.phone_hash = d.address_hash OR i.phone_hash IS NULL AND i.user_id_hash = d.address_hash)
JOIN audience_subscription s ON s.identity_id = i.id AND s.active
WHERE {{ which }}
ORDER BY i.id
ON CONFLICT (identity_id) DO UPDATE SET
  times = least(m.times + 1, 30000),
  invalid = CASE WHEN excluded.invalid > 0 THEN least(m.invalid + 1, 30000) ELSE 0 END,
  last_at = excluded.last_at
WHERE (m.last_at AT TIME ZONE %(zone)s)::date < (excluded.last_at AT TIME ZONE %(zone)s)::date
