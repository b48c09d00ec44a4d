-- People who wrote and have no open conversation, held before it is asked who of them is blocked: a block holds them against this.
SELECT FROM audience_identity WHERE id = ANY(%(identities)s::bigint[]) ORDER BY id FOR KEY SHARE
