-- The columns of a table of which the planner keeps samples, with their types.
SELECT a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_stats s
JOIN pg_attribute a ON a.attrelid = to_regclass(s.tablename) AND a.attname = s.attname
WHERE s.schemaname = current_schema() AND s.tablename = %(table)s
