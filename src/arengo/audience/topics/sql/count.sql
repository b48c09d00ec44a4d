-- How many chose each of these: now, and of them who came, and of others who left, since a moment. Who left keeps their choice.
SELECT c.{{ column }}, count(*) FILTER (WHERE s.active),
  count(*) FILTER (WHERE s.active AND s.since >= %(from)s),
  count(*) FILTER (WHERE NOT s.active AND s.ended_at >= %(from)s AND s.ended_at > s.since)
FROM {{ chosen }} c JOIN audience_subscription s ON s.id = c.subscription_id
WHERE c.{{ column }} = ANY(%(ids)s::bigint[]) GROUP BY 1
