-- The person of a conversation, held. Who erases or merges somebody holds the person and then wants the conversation:
-- everybody asks in this order.
SELECT FROM audience_identity
WHERE id = (SELECT identity_id FROM desk_conversation WHERE id = %(conversation)s) FOR KEY SHARE
