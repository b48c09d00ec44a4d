-- Takes the next deliveries of a sender for its owner: alerts first, then replies, then news, oldest first.
WITH owner AS (
  -- The fence: an owner whose epoch is over claims nothing, however late it wakes. FOR SHARE makes a takeover,
  -- which raises the epoch, wait for this claim or this claim see the new epoch.
  SELECT id FROM delivery_sender
  WHERE id = %(sender)s AND epoch = %(epoch)s AND state = 'active'
  FOR SHARE
), next AS (
  SELECT d.id FROM delivery_delivery d
  WHERE d.sender_id = (SELECT id FROM owner) AND d.state = 0 AND d.not_before <= now()
    AND d.urgency <= %(least_urgent)s
  ORDER BY d.urgency, d.id
  LIMIT %(limit)s
  FOR UPDATE SKIP LOCKED
)
UPDATE delivery_delivery d
SET state = 10, claimed_at = now(), claim_epoch = %(epoch)s, attempts = attempts + 1
FROM next WHERE d.id = next.id
RETURNING d.id, d.fanout_id, d.urgency, d.address_sealed, d.address_hash, d.outgoing_sealed, d.attempts
