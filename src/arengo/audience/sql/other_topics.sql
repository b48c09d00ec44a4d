-- A condition: the subscription ``s`` wants topics, and none of these.
(SELECT bool_or(t.topic_id = ANY(%(meant_topics)s::bigint[])) FROM audience_subscription_topics t WHERE t.subscription_id = s.id) IS FALSE
