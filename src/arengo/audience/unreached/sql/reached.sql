-- Those whom a mailing of the last weeks did reach, also late, or who wrote since, or who left: nothing is held against them.
DELETE FROM audience_unreached_miss WHERE id = ANY (ARRAY (
  SELECT m.id FROM audience_unreached_miss m
  CROSS JOIN LATERAL (
    SELECT i.last_wrote_at, coalesce(i.phone_hash, i.user_id_hash) AS hash FROM audience_identity i WHERE i.id = m.identity_id OFFSET 0
  ) AS i
  LEFT JOIN LATERAL (
    SELECT s.active FROM audience_subscription s WHERE s.identity_id = m.identity_id OFFSET 0
  ) AS s ON true
  LEFT JOIN LATERAL (
    SELECT true AS came FROM audience_unreached_checked c
    CROSS JOIN LATERAL (
      SELECT d.state FROM delivery_delivery d WHERE d.fanout_id = c.fanout_id AND d.address_hash = i.hash OFFSET 0
    ) AS d
    WHERE c.organization_id = m.organization_id AND c.mailed_at >= m.first_at
      AND d.state IN ({{ DeliveryState.DELIVERED }}, {{ DeliveryState.READ }})
    LIMIT 1
  ) AS reached ON true
  WHERE m.organization_id = %(organization)s
    AND (i.last_wrote_at > m.first_at OR s.active IS NOT TRUE OR reached.came)
))
