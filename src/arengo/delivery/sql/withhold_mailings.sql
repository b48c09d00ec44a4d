-- Mailings that were under way: what fills them from now on fills them withheld (fill.sql). FOR NO KEY UPDATE waits for each who is
-- filling one at this moment (they hold FOR KEY SHARE), so that ``withhold.sql`` sees their rows.
WITH under_way AS (
  SELECT id FROM delivery_fanout
  WHERE emptied_at IS NULL AND stopped_at IS NULL AND withheld_at IS NULL AND (filled_at IS NULL OR n_waiting > 0)
  ORDER BY id FOR NO KEY UPDATE
)
UPDATE delivery_fanout f SET withheld_at = %(now)s FROM under_way u WHERE f.id = u.id
