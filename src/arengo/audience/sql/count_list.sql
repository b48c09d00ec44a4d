-- How many subscriptions.
SELECT count(*) FROM audience_subscription s WHERE {{ which }}
