-- A new owner's epoch, if the sender's advisory lock is still its own (``pid``: the session that holds it).
UPDATE delivery_sender SET epoch = epoch + 1 WHERE id = %(sender)s AND EXISTS (
  SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND pid = %(pid)s
    AND classid::bigint = %(class)s AND objid::bigint = %(sender)s
) RETURNING epoch
