# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the database itself guards: the audit log only grows; a live event is a row and a NOTIFY in one."""

from django.db import migrations

AUDIT = """
CREATE FUNCTION arengo_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The table % is append-only.', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER core_audit_append_only BEFORE UPDATE OR DELETE ON core_auditentry
  FOR EACH ROW EXECUTE FUNCTION arengo_append_only();
CREATE TRIGGER core_audit_no_truncate BEFORE TRUNCATE ON core_auditentry
  FOR EACH STATEMENT EXECUTE FUNCTION arengo_append_only();
"""

AUDIT_BACK = """
DROP TRIGGER core_audit_no_truncate ON core_auditentry;
DROP TRIGGER core_audit_append_only ON core_auditentry;
DROP FUNCTION arengo_append_only();
"""

# One notification carries all topics of the call: [organization, [[event id, topic], ...]].
ANNOUNCE = """
CREATE FUNCTION arengo_announce(organization bigint, topics text[]) RETURNS void LANGUAGE sql AS $$
  WITH written AS (
    INSERT INTO core_liveevent (organization_id, topic, at)
    SELECT organization, topic, clock_timestamp() FROM unnest(topics) AS topic
    RETURNING id, topic
  )
  SELECT pg_notify('arengo_live', json_build_array(organization, json_agg(json_build_array(id, topic)))::text)
  FROM written
  HAVING count(*) > 0
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [
        migrations.RunSQL(AUDIT, AUDIT_BACK),
        migrations.RunSQL(ANNOUNCE, "DROP FUNCTION arengo_announce(bigint, text[])"),
    ]
