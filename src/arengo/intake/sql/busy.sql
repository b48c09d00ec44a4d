-- Whether anything waits to be read. Orders that only the indexes of waiting rows can give, however many the planner believes
-- to wait.
SELECT (SELECT true FROM intake_journal WHERE state = {{ Journal.State.WAITING }} ORDER BY id + 0 LIMIT 1) IS NOT NULL
  OR (SELECT true FROM intake_journal WHERE state = {{ Journal.State.BEHIND }} ORDER BY lane, sender_id, id LIMIT 1) IS NOT NULL
