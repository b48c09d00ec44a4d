-- Those whom a mailing of the last weeks did reach, also late, or who wrote since, or who left: nothing is held against them.
DELETE FROM audience_unreached_miss m USING audience_identity i
WHERE m.organization_id = %(organization)s AND i.id = m.identity_id AND (
  i.last_wrote_at > m.first_at
  OR NOT EXISTS (SELECT FROM audience_subscription s WHERE s.identity_id = i.id AND s.active)
  OR EXISTS (
    SELECT FROM audience_unreached_checked c
    JOIN delivery_delivery d ON d.fanout_id = c.fanout_id AND d.address_hash = coalesce(i.phone_hash, i.user_id_hash)
    WHERE c.organization_id = m.organization_id AND c.mailed_at >= m.first_at
      AND d.state IN ({{ DeliveryState.DELIVERED }}, {{ DeliveryState.READ }})
  )
)
