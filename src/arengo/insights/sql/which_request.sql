-- Of the message m to the conversation c: a citizen said it to us, and a person is to answer. What somebody wrote who was blocked
-- waits for nobody.
m.direction = {{ Message.Direction.IN }} AND NOT m.copy AND NOT m.awaited AND m.command = '' AND m.kind <> {{ Message.Kind.SYSTEM }}
AND NOT EXISTS (
  SELECT FROM desk_blocks_block b
  WHERE b.contact_id = c.contact_id AND m.sent_at >= b.begins_at AND m.sent_at < b.ends_at
    AND (b.ended_at IS NULL OR m.sent_at < b.ended_at)
)
