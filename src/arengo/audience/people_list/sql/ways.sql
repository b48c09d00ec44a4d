-- How each of these people came onto the list, the last time.
SELECT w.identity_id, l.source
FROM unnest(%(identities)s::bigint[]) AS w (identity_id)
CROSS JOIN LATERAL (
  SELECT c.source FROM audience_consent c
  WHERE c.identity_id = w.identity_id AND c.action = {{ Consent.Action.GIVEN }} AND c.effective
  ORDER BY c.at DESC, c.id DESC LIMIT 1
) AS l
