-- Likewise those who chose none, and so receive all of them.
SELECT count(*) FILTER (WHERE s.active), count(*) FILTER (WHERE s.active AND s.since >= %(from)s),
  count(*) FILTER (WHERE NOT s.active AND s.ended_at >= %(from)s AND s.ended_at > s.since)
FROM audience_subscription s
WHERE s.organization_id = %(organization)s AND NOT EXISTS (SELECT c.{{ column }} FROM {{ chosen }} c WHERE c.subscription_id = s.id)
