-- How many rows wait in lanes, counted up to a bound, and when the first of them came.
SELECT count(*), min(received_at) FROM (
  SELECT received_at FROM intake_journal WHERE state = {{ Journal.State.BEHIND }} ORDER BY lane, sender_id, id LIMIT %(most)s
) AS behind
