-- A condition: they came onto the list in this way, the last time.
%(way)s = (
  SELECT c.source FROM audience_consent c
  WHERE c.identity_id = s.identity_id AND c.action = {{ Consent.Action.GIVEN }} AND c.effective
  ORDER BY c.at DESC, c.id DESC LIMIT 1
)
