-- Whether a row waits in any lane.
SELECT EXISTS (SELECT FROM intake_journal WHERE state = {{ Journal.State.BEHIND }})
