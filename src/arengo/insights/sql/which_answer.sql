-- Of the message m: a person of ours wrote it.
m.direction = {{ Message.Direction.OUT }} AND NOT m.copy AND m.author_id IS NOT NULL AND m.automatic = ''
