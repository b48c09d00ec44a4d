-- Of these conversations, those in which a request is open at %(start)s: since when, and whether it has its first answer. A request
-- begins with the citizen's first message after the conversation was last closed.
SELECT asked.conversation_id, asked.at, EXISTS (
  SELECT FROM desk_message m
  WHERE m.conversation_id = asked.conversation_id AND m.sent_at >= asked.at AND m.sent_at < %(start)s AND {{ which_answer }}
)
FROM (
  SELECT c.id AS conversation_id, (
    SELECT m.sent_at FROM desk_message m
    WHERE m.conversation_id = c.id AND m.sent_at < %(start)s AND m.sent_at > coalesce(
      (SELECT a.at FROM desk_assignment a
       WHERE a.conversation_id = c.id AND a.at < %(start)s AND {{ which_closing }}
       ORDER BY a.at DESC LIMIT 1), '-infinity')
      AND {{ which_request }}
    ORDER BY m.sent_at, m.id LIMIT 1
  ) AS at
  FROM desk_conversation c WHERE c.organization_id = %(organization)s AND c.id = ANY(%(conversations)s)
) AS asked
WHERE asked.at IS NOT NULL
