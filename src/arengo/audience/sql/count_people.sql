-- How many subscriptions, where the condition asks for the person too.
SELECT count(*) FROM audience_subscription s JOIN audience_identity i ON i.id = s.identity_id WHERE {{ which }}
