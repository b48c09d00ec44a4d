-- The tables with a trigger that tells of changes (core/watching.py), and the number by which the database knows each.
-- No lock on a table delays it.
SELECT c.relname, c.oid::int8 FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE t.tgname = c.relname || %(mark)s AND t.tgenabled <> 'D'
