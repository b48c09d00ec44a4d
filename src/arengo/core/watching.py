# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""For migrations: triggers by which the database says that what public pages show has changed (``core/public_pages.py``)."""

from __future__ import annotations

from django.db.migrations import RunSQL

FUNCTION = """
CREATE FUNCTION arengo_public_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  before text;
  since text;
BEGIN
  IF TG_LEVEL = 'STATEMENT' THEN
    PERFORM pg_notify('arengo_public', TG_TABLE_NAME || ' *');
    RETURN NULL;
  END IF;
  IF TG_OP <> 'INSERT' THEN
    before := to_jsonb(OLD) ->> TG_ARGV[0];
    PERFORM pg_notify('arengo_public', TG_TABLE_NAME || ' ' || before);
  END IF;
  IF TG_OP <> 'DELETE' THEN
    since := to_jsonb(NEW) ->> TG_ARGV[0];
    IF since IS DISTINCT FROM before THEN
      PERFORM pg_notify('arengo_public', TG_TABLE_NAME || ' ' || since);
    END IF;
  END IF;
  RETURN NULL;
END $$;
"""
NO_FUNCTION = "DROP FUNCTION arengo_public_changed();"
# The name of a trigger ends with this: the web process asks which tables are watched (config/serving/public_changes.py).
MARK = "_public_changed"


def watch(table: str, *columns: str, organization: str = "organization_id") -> RunSQL:
    """Each change of a row is told once a transaction; with ``columns`` an update that touches none of them is not.

    ``organization``: the column that says whose row it is. Bulk statements, cascades and SQL by hand are told as well.
    PostgreSQL drops repetitions within a transaction; NOTIFY takes a lock of the whole database at commit, so a table that
    changes with each delivery or receipt is watched by ``columns`` only.
    """
    changed = (
        f"({', '.join(f'OLD.{name}' for name in columns)}) IS DISTINCT FROM ({', '.join(f'NEW.{name}' for name in columns)})"
        if columns
        else "OLD.* IS DISTINCT FROM NEW.*"
    )
    call = f"EXECUTE FUNCTION arengo_public_changed('{organization}')"
    return RunSQL(
        f"CREATE TRIGGER {table}_public_rows AFTER INSERT OR DELETE ON {table} FOR EACH ROW {call};"
        f"CREATE TRIGGER {table}{MARK} AFTER UPDATE ON {table} FOR EACH ROW WHEN ({changed}) {call};"
        f"CREATE TRIGGER {table}_public_emptied AFTER TRUNCATE ON {table} FOR EACH STATEMENT {call};",
        f"DROP TRIGGER {table}_public_rows ON {table};"
        f"DROP TRIGGER {table}{MARK} ON {table};"
        f"DROP TRIGGER {table}_public_emptied ON {table};",
    )
