-- Who voted, once each. People who are being erased are waited for, and left out.
INSERT INTO newsroom_votes_voter (organization_id, poll_id, identity_id, closed_at)
SELECT %(organization)s, %(poll)s, i.id, %(closed_at)s FROM (
  SELECT id FROM audience_identity WHERE id = ANY(%(identities)s::bigint[]) ORDER BY id FOR KEY SHARE
) AS i
ON CONFLICT DO NOTHING
