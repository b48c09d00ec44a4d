-- Whether anybody may still see row versions from before this transaction: they would be copied into the new file.
-- Autovacuum's snapshots do not count.
SELECT EXISTS (
  SELECT FROM pg_stat_activity
  WHERE pid <> pg_backend_pid() AND backend_type <> 'autovacuum worker' AND backend_xmin IS NOT NULL
    AND age(backend_xmin) >= age(%(xid)s::text::xid8::xid)
) OR EXISTS (
  SELECT FROM pg_prepared_xacts WHERE age(transaction) >= age(%(xid)s::text::xid8::xid)
) OR EXISTS (
  SELECT FROM pg_replication_slots WHERE xmin IS NOT NULL AND age(xmin) >= age(%(xid)s::text::xid8::xid)
)
