-- Of these people, those whose last word before %(end)s was that they want to be on the list.
SELECT DISTINCT i.contact_id
FROM audience_identity i
JOIN LATERAL (
  SELECT k.action FROM audience_consent k
  WHERE k.identity_id = i.id AND k.effective AND k.reason <> {{ Reason.MERGED }} AND k.at < %(end)s
  ORDER BY k.at DESC, k.id DESC LIMIT 1
) AS word ON word.action = {{ Consent.Action.GIVEN }}
WHERE i.organization_id = %(organization)s AND i.contact_id = ANY(%(contacts)s)
