# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The database says when somebody's access may have changed, whatever changed it: live streams end with it.

«person <id>» for a membership that was changed or removed and for a password or an account that was changed;
«session <digest>» for a session that was deleted before its time. See core/live.py.
"""

from django.db import migrations

TRIGGERS = """
CREATE FUNCTION arengo_person_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('arengo_access', 'person ' || OLD.id);
  RETURN NULL;
END $$;
CREATE FUNCTION arengo_membership_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('arengo_access', 'person ' || OLD.person_id);
  RETURN NULL;
END $$;
CREATE FUNCTION arengo_session_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('arengo_access', 'session ' || left(encode(sha256(convert_to(OLD.session_key, 'UTF8')), 'hex'), 32));
  RETURN NULL;
END $$;
CREATE TRIGGER core_person_access AFTER UPDATE OF password, is_active OR DELETE ON core_person
  FOR EACH ROW EXECUTE FUNCTION arengo_person_changed();
CREATE TRIGGER core_membership_access AFTER UPDATE OR DELETE ON core_membership
  FOR EACH ROW EXECUTE FUNCTION arengo_membership_changed();
CREATE TRIGGER core_session_access AFTER DELETE ON django_session
  FOR EACH ROW WHEN (OLD.expire_date > now()) EXECUTE FUNCTION arengo_session_ended();
"""

BACK = """
DROP TRIGGER core_session_access ON django_session;
DROP TRIGGER core_membership_access ON core_membership;
DROP TRIGGER core_person_access ON core_person;
DROP FUNCTION arengo_session_ended();
DROP FUNCTION arengo_membership_changed();
DROP FUNCTION arengo_person_changed();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0050_pictures_are_files"), ("sessions", "0001_initial")]

    operations = [migrations.RunSQL(TRIGGERS, BACK)]
