-- The latest word of each of these identities, and whether it was on the list at some time. That two cards became one is no word.
SELECT w.identity_id, l.at, l.action, l.source, EXISTS (
  SELECT FROM audience_consent WHERE identity_id = w.identity_id AND action = {{ Consent.Action.GIVEN }} AND effective
)
FROM unnest(%(identities)s::bigint[]) AS w (identity_id)
CROSS JOIN LATERAL (
  SELECT at, action, source FROM audience_consent WHERE identity_id = w.identity_id AND reason <> {{ Reason.MERGED }}
  ORDER BY at DESC, id DESC LIMIT 1
) AS l
