-- The next rows of the outbox that are older than this timeline go out of every line, whatever they waited for: also what was
-- claimed or uncertain, since it may have been sent and reported in the time that is lost. Returns how many, and the last id.
-- Of mailings that a person stopped only claims are left: nobody sends those again, and time decides them as ever.
-- Who gives back, settles or decides a claim meanwhile finds none (requeue.sql and settle.sql ask for claimed and uncertain ones).
WITH old AS (
  SELECT d.id FROM delivery_outbox o JOIN delivery_delivery d ON d.id = o.delivery_id
  LEFT JOIN delivery_fanout f ON f.id = o.fanout_id
  WHERE o.delivery_id > %(after)s AND o.delivery_id < %(first)s AND o.state <> {{ OutboxState.WITHHELD }} AND f.stopped_at IS NULL
  ORDER BY o.delivery_id LIMIT %(limit)s
  FOR NO KEY UPDATE OF d
), withheld AS (
  UPDATE delivery_outbox o SET state = {{ OutboxState.WITHHELD }}, claimed_at = NULL, claim_epoch = NULL, held = false,
    -- When it may have gone already, as far as this database knows (release.sql).
    tried_at = CASE WHEN o.state IN ({{ OutboxState.CLAIMED }}, {{ OutboxState.UNCERTAIN }}) THEN coalesce(o.tried_at, o.claimed_at) END
  FROM old WHERE o.delivery_id = old.id AND o.state <> {{ OutboxState.WITHHELD }}
  RETURNING o.delivery_id, o.fanout_id
), said AS (
  -- Of single messages the record says so too: their screen shows it. Of a mailing it is the mailing that says it.
  UPDATE delivery_delivery d SET state = {{ DeliveryState.WITHHELD }}
  FROM withheld w WHERE d.id = w.delivery_id AND w.fanout_id IS NULL AND d.state = {{ DeliveryState.QUEUED }}
)
SELECT count(*), max(id) FROM old
