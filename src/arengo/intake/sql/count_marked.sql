-- How many rows of each sender are marked.
SELECT sender_id, count(*) FROM intake_journal WHERE state = {{ Journal.State.MARKED }} GROUP BY sender_id
