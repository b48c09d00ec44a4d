-- Claimed deliveries go back into the outbox: nothing of them left this machine, or the platform surely refused for now.
-- Only the owner who claimed them may do so; a zombie's rows belong to its successor.
UPDATE delivery_delivery d SET
  -- Of a mailing that a person stopped meanwhile they are cancelled (95), as those that waited were.
  state = CASE WHEN EXISTS (
    SELECT FROM delivery_fanout f WHERE f.id = d.fanout_id AND f.stopped_at IS NOT NULL
  ) THEN 95 ELSE 0 END,
  claimed_at = NULL, not_before = r.not_before, code = r.code, reason = r.reason,
  attempts = CASE WHEN r.counts THEN d.attempts ELSE greatest(d.attempts - 1, 0) END
FROM unnest(%(ids)s::bigint[], %(not_before)s::timestamptz[], %(codes)s::integer[], %(reasons)s::text[], %(counts)s::boolean[])
  AS r (id, not_before, code, reason, counts)
WHERE d.id = r.id AND d.state = 10 AND d.claim_epoch = %(epoch)s
