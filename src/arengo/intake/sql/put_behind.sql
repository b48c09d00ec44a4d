-- Rows of a batch go into a lane.
UPDATE intake_journal j SET state = {{ Journal.State.BEHIND }}, lane = r.lane, people = r.people::bigint[]
FROM unnest(%(ids)s::bigint[], %(lanes)s::text[], %(people)s::text[]) AS r (id, lane, people) WHERE j.id = r.id
