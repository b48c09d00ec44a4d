-- The owner stops its sender: the platform refuses it. Not one that has another owner by now.
UPDATE delivery_sender
SET state = {{ Sender.State.STOPPED }}, stopped_at = now(), stop_code = %(code)s, stop_reason = %(reason)s
WHERE id = %(sender)s AND epoch = %(epoch)s
