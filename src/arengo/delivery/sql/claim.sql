-- Takes the next deliveries of a sender for its owner: alerts first, then replies, then news, oldest first.
WITH owner AS (
  -- The fence: an owner whose epoch is over claims nothing, however late it wakes. FOR SHARE makes a takeover,
  -- which raises the epoch, wait for this claim or this claim see the new epoch.
  SELECT id FROM delivery_sender
  WHERE id = %(sender)s AND epoch = %(epoch)s AND state = 'active'
  FOR SHARE
), next AS (
  SELECT ready.delivery_id
  FROM owner
  -- ``after``: how far earlier claims came, an urgency each. It spares walking over the remains of what has left.
  CROSS JOIN unnest(%(urgencies)s::smallint[], %(after)s::bigint[]) AS u (urgency, after)
  CROSS JOIN LATERAL (
    SELECT o.delivery_id FROM delivery_outbox o
    WHERE o.sender_id = owner.id AND o.urgency = u.urgency AND o.state = 0 AND o.delivery_id > u.after
    ORDER BY o.delivery_id
    LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
  ) AS ready
  LIMIT %(limit)s
)
UPDATE delivery_outbox o
SET state = 10, claimed_at = now(), claim_epoch = %(epoch)s, attempts = o.attempts + 1
FROM next, delivery_delivery d
WHERE o.delivery_id = next.delivery_id AND d.id = next.delivery_id
RETURNING d.id, d.fanout_id, o.urgency, d.address_sealed, d.address_hash, d.outgoing_sealed, o.attempts
