-- The tables that hold bytes: sealed values and hashes. What retention or a merge took away earlier may still lie in their files.
SELECT DISTINCT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
  AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypid = 'bytea'::regtype
