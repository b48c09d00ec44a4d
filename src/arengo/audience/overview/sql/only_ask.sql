-- People who wrote and never asked for the list. Who linked two chats is one person.
SELECT count(DISTINCT i.contact_id) FROM audience_identity i
WHERE i.organization_id = %(organization)s AND i.last_wrote_at IS NOT NULL
  AND NOT EXISTS (
    SELECT FROM audience_identity o JOIN audience_subscription s ON s.identity_id = o.id
    WHERE o.contact_id = i.contact_id AND (s.active OR s.ended_at IS NOT NULL OR s.replaced_by_id IS NOT NULL)
  )
