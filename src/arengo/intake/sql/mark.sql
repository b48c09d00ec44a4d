-- Rows that are applied; one with a problem is marked.
UPDATE intake_journal j SET
  state = CASE WHEN r.problem = '' THEN {{ Journal.State.APPLIED }} ELSE {{ Journal.State.MARKED }} END, problem = r.problem,
  applied_at = now(), attempts = attempts + 1, not_before = NULL, lane = '', people = NULL
FROM unnest(%(ids)s::bigint[], %(problems)s::text[]) AS r (id, problem) WHERE j.id = r.id
