-- What a file says of each of these subscriptions, in their order.
SELECT i.phone_sealed, c.name, i.platform, CASE WHEN s.active THEN s.since ELSE s.ended_at END,
  array(
    SELECT t.name FROM audience_subscription_topics st JOIN audience_topic t ON t.id = st.topic_id
    WHERE st.subscription_id = s.id ORDER BY t.position, t.id
  ),
  (
    SELECT k.source FROM audience_consent k
    WHERE k.identity_id IN (s.identity_id, (SELECT r.identity_id FROM audience_subscription r WHERE r.replaced_by_id = s.identity_id))
      AND k.action = {{ Consent.Action.GIVEN }} AND k.effective
    ORDER BY k.identity_id = s.identity_id DESC, k.at DESC, k.id DESC LIMIT 1
  )
FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS w (id, place)
JOIN audience_subscription s ON s.id = w.id
JOIN audience_identity i ON i.id = s.identity_id
JOIN audience_contact c ON c.id = i.contact_id
ORDER BY w.place
