-- Of the line a of a conversation's history: it was closed, and that was not undone at once.
a.action = {{ Assignment.Action.CLOSED }} AND (
  SELECT n.action FROM desk_assignment n
  WHERE n.conversation_id = a.conversation_id AND (n.at, n.id) > (a.at, a.id)
  ORDER BY n.at, n.id LIMIT 1
) IS DISTINCT FROM {{ Assignment.Action.UNDONE }}
