-- The five largest tables by PostgreSQL's books, with rows (NULL: never counted) and bytes; a partitioned table counts as one.
SELECT coalesce(i.inhparent, c.oid)::regclass::text AS name,
  CASE WHEN bool_and(c.reltuples < 0) THEN NULL ELSE sum(greatest(c.reltuples, 0))::bigint END,
  sum(pg_total_relation_size(c.oid))::bigint AS bytes
FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
GROUP BY 1 ORDER BY bytes DESC LIMIT 5
