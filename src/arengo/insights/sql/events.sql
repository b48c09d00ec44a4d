-- What was said at the organization's desks in one span of time, and what was closed, conversation by conversation and in order.
-- Two indexes lead to it: messages by the time of sending, closings by theirs.
SELECT m.conversation_id, c.desk_id, c.contact_id, m.sent_at AS at,
  CASE m.direction WHEN {{ Message.Direction.IN }} THEN 0 ELSE 1 END AS what,
  m.author_id AS person,
  m.direction = {{ Message.Direction.OUT }} AND (
    m.failure <> '' OR d.state IN ({{ DeliveryState.FAILED }}, {{ DeliveryState.UNKNOWN }})
    OR EXISTS (SELECT FROM desk_attachment f WHERE f.message_id = m.id AND m.delivery_id IS NULL AND f.state = {{ Attachment.State.FAILED }})
  ) IS TRUE AS failed,
  m.id
FROM desk_message m
JOIN desk_conversation c ON c.id = m.conversation_id
LEFT JOIN delivery_delivery d ON d.id = m.delivery_id
WHERE m.organization_id = %(organization)s AND m.sent_at >= %(start)s AND m.sent_at < %(end)s
  AND (({{ which_request }}) OR ({{ which_answer }}))
UNION ALL
SELECT a.conversation_id, c.desk_id, c.contact_id, a.at, 2, a.by_id, false, a.id
FROM desk_assignment a
JOIN desk_conversation c ON c.id = a.conversation_id
WHERE a.organization_id = %(organization)s AND a.at >= %(start)s AND a.at < %(end)s AND {{ which_closing }}
ORDER BY 1, 4, 5, 8
