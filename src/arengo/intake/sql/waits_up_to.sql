-- Whether a row up to this one waits: the first that does, in an order that only the indexes of waiting rows can give.
SELECT coalesce(
    (SELECT id FROM intake_journal WHERE state = {{ Journal.State.WAITING }} ORDER BY id + 0 LIMIT 1) <= %(up_to)s, false
  )
  OR EXISTS (SELECT FROM intake_journal WHERE state = {{ Journal.State.BEHIND }} AND id <= %(up_to)s)
