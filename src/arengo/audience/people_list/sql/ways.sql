-- How each of these people came onto the list, the last time; in the other of two linked chats, where they did not come in this one.
SELECT w.identity_id, l.source
FROM unnest(%(identities)s::bigint[]) AS w (identity_id)
CROSS JOIN LATERAL (
  SELECT c.source FROM audience_consent c
  WHERE c.identity_id IN (w.identity_id, (SELECT r.identity_id FROM audience_subscription r WHERE r.replaced_by_id = w.identity_id))
    AND c.action = {{ Consent.Action.GIVEN }} AND c.effective
  ORDER BY c.identity_id = w.identity_id DESC, c.at DESC, c.id DESC LIMIT 1
) AS l
