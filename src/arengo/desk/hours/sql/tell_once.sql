-- Writes down who is told of a closed period of a desk, and returns those who had not been told of it. A second reader that
-- has a message of the same person waits here for the first, and then finds them told.
INSERT INTO desk_hours_outofhoursnotice (organization_id, desk_id, contact_id, closed_since)
SELECT %(organization)s, desk, contact, since
FROM unnest(%(desks)s::bigint[], %(contacts)s::bigint[], %(since)s::timestamptz[]) AS told (desk, contact, since)
ORDER BY contact, desk
ON CONFLICT (contact_id, desk_id, closed_since) DO NOTHING
RETURNING contact_id, desk_id
