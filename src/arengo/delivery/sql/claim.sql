-- Takes the next deliveries of a sender for its owner: alerts first, then replies, then news, oldest first.
-- ANY (ARRAY (…)) and LATERAL … OFFSET 0 leave the planner no other way than the primary keys: between two looks at its
-- statistics it would rather read whole tables. «+ 0» is how the index for claims was made, and no other.
WITH owner AS (
  -- The fence: an owner whose epoch is over claims nothing, however late it wakes. FOR SHARE makes a takeover,
  -- which raises the epoch, wait for this claim or this claim see the new epoch.
  SELECT id FROM delivery_sender
  WHERE id = %(sender)s AND epoch = %(epoch)s AND state = {{ Sender.State.ACTIVE }}
    -- From the moment that the database was found older than it was, until its old outbox is withheld (delivery/timeline).
    AND NOT EXISTS (SELECT FROM delivery_timeline WHERE withheld_at IS NULL)
  FOR SHARE
), next AS (
  SELECT ready.delivery_id
  FROM owner
  -- ``after``: how far earlier claims came, an urgency each. It spares walking over the remains of what has left.
  CROSS JOIN unnest(%(urgencies)s::smallint[], %(after)s::bigint[]) AS u (urgency, after)
  CROSS JOIN LATERAL (
    SELECT o.delivery_id FROM delivery_outbox o
    WHERE o.sender_id = owner.id AND o.urgency = u.urgency AND o.state = {{ OutboxState.READY }} AND o.delivery_id + 0 > u.after
    ORDER BY o.delivery_id + 0
    LIMIT %(limit)s
    FOR NO KEY UPDATE SKIP LOCKED
  ) AS ready
  LIMIT %(limit)s
), claimed AS (
  UPDATE delivery_outbox
  SET state = {{ OutboxState.CLAIMED }}, claimed_at = now(), claim_epoch = %(epoch)s, attempts = attempts + 1
  WHERE delivery_id = ANY (ARRAY (SELECT delivery_id FROM next))
  RETURNING delivery_id, fanout_id, urgency, attempts, outages
)
SELECT c.delivery_id, c.fanout_id, c.urgency, d.address_sealed, d.address_hash, d.outgoing_sealed, c.attempts, c.outages
FROM claimed c
CROSS JOIN LATERAL (
  SELECT address_sealed, address_hash, outgoing_sealed FROM delivery_delivery WHERE id = c.delivery_id OFFSET 0
) AS d
