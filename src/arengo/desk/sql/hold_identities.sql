-- Nobody takes these away, or blocks their citizen, before the transaction ends. By id.
SELECT FROM audience_identity WHERE id = ANY(%(identities)s::bigint[]) ORDER BY id FOR KEY SHARE
