-- The senders that want an owner.
SELECT id, organization_id, platform, credentials_sealed, rate, epoch, tier FROM delivery_sender
WHERE state = {{ Sender.State.ACTIVE }}
