-- Advisory locks of these kinds (rebalancing.py): kind, number, and the process id of the session that holds it.
SELECT l.classid::bigint, l.objid::bigint, l.pid FROM pg_locks l
WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2 AND l.classid::bigint = ANY(%(kinds)s)
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
