-- The subscriptions that one walk looks at.
SELECT s.id, s.identity_id, s.{{ time }} AS at FROM audience_subscription s
WHERE s.organization_id = %(organization)s AND {{ state }} AND (s.{{ time }}, s.id) < (%(at)s, %(id)s) AND s.{{ time }} >= %(first)s
ORDER BY s.{{ time }} DESC, s.id DESC LIMIT %(walked)s
