-- Votes are being stored for these: a closing waits until they are, a count need not. The state is read in the same statement.
SELECT id FROM newsroom_votes_poll WHERE id = ANY(%(ids)s::bigint[]) AND state = {{ Poll.State.OPEN }} ORDER BY id FOR KEY SHARE
