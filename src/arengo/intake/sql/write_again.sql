-- Rows without what mentioned an erased person. One of which nothing is left counts as applied; if it was marked, ``problem``
-- says why it is empty.
UPDATE intake_journal j SET body_sealed = r.body,
  state = CASE WHEN r.body = '' THEN {{ Journal.State.APPLIED }} ELSE j.state END,
  problem = CASE WHEN r.body = '' AND j.state = {{ Journal.State.MARKED }} THEN %(problem)s ELSE j.problem END
FROM unnest(%(ids)s::bigint[], %(bodies)s::bytea[]) AS r (id, body) WHERE j.id = r.id
