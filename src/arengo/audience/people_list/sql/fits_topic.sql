-- A condition: the subscription «s» receives a topic: it names the topic, or none, which means all.
(SELECT coalesce(bool_or(t.topic_id = %(topic)s), true) FROM audience_subscription_topics t WHERE t.subscription_id = s.id)
