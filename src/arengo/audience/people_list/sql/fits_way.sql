-- A condition: they came onto the list in this way, the last time. Who is reached in the other of two linked chats came there.
%(way)s = (
  SELECT c.source FROM audience_consent c
  WHERE c.identity_id IN (s.identity_id, (SELECT r.identity_id FROM audience_subscription r WHERE r.replaced_by_id = s.identity_id))
    AND c.action = {{ Consent.Action.GIVEN }} AND c.effective
  ORDER BY c.identity_id = s.identity_id DESC, c.at DESC, c.id DESC LIMIT 1
)
