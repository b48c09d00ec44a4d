-- A row waits for its next turn; after its last one it is marked.
UPDATE intake_journal SET attempts = attempts + 1, not_before = now() + make_interval(secs => %(wait)s),
  state = CASE WHEN %(last)s THEN {{ Journal.State.MARKED }} ELSE {{ Journal.State.WAITING }} END,
  problem = CASE WHEN %(last)s THEN %(problem)s ELSE problem END,
  applied_at = CASE WHEN %(last)s THEN now() ELSE applied_at END
WHERE id = %(id)s AND state IN ({{ Journal.State.WAITING }}, {{ Journal.State.BEHIND }})
