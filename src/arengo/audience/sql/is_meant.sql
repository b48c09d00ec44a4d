-- A condition: an address with this hash is meant. The key of an address is that of its number where it has one (Address.key).
EXISTS (
  SELECT FROM audience_identity i JOIN audience_subscription s ON s.identity_id = i.id
  WHERE i.organization_id = %(meant_organization)s AND i.platform = ANY(%(meant_platforms)s)
    AND (i.phone_hash = {{ hash }} OR i.phone_hash IS NULL AND i.user_id_hash = {{ hash }})
    AND {{ on_list }} {{ meant }} OFFSET 0
)
