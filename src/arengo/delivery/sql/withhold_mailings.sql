-- Mailings that were under way: what fills them from now on fills them withheld (fill.sql). The lock waits for each who is
-- putting something of one into the outbox at this moment (outbox.keep_out), so that ``withhold.sql`` sees their rows.
WITH under_way AS (
  SELECT id FROM delivery_fanout
  WHERE emptied_at IS NULL AND stopped_at IS NULL AND withheld_at IS NULL AND (filled_at IS NULL OR n_waiting > 0)
  ORDER BY id FOR UPDATE
)
UPDATE delivery_fanout f SET withheld_at = %(now)s FROM under_way u WHERE f.id = u.id
