-- Claims that were committed without our hearing of it (the connection broke at that moment) go back: nothing of them left.
-- The caller has nothing under way; ``known`` are the claims that it does hold. Returns how many went back.
WITH orphans AS (
  UPDATE delivery_outbox SET state = {{ OutboxState.READY }}, claimed_at = NULL, attempts = greatest(attempts - 1, 0)
  WHERE sender_id = %(sender)s AND state = {{ OutboxState.CLAIMED }} AND claim_epoch = %(epoch)s AND delivery_id <> ALL (%(known)s::bigint[])
  RETURNING 1
)
SELECT count(*) FROM orphans
