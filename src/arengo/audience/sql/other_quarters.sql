-- A condition: the subscription ``s`` is of quarters, and of none of these.
(SELECT bool_or(q.quarter_id = ANY(%(meant_quarters)s::bigint[])) FROM audience_subscription_quarters q WHERE q.subscription_id = s.id) IS FALSE
