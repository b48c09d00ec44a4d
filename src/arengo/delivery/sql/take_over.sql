-- What earlier owners claimed and never decided: perhaps sent, perhaps not. Receipts get their time to tell.
UPDATE delivery_delivery SET state = 15, claimed_at = now()
WHERE sender_id = %(sender)s AND state = 10 AND claim_epoch < %(epoch)s
