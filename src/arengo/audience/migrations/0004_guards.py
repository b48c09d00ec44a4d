# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the database itself guards: the consent log only grows, a published policy never changes."""

from django.db import migrations

# Of a consent only the identity may change: to another one when two identities turn out to be one person, to NULL
# when the person is erased. From NULL there is no way back.
CONSENT = """
CREATE FUNCTION arengo_consent_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.identity_id IS NOT NULL
     AND to_jsonb(NEW) - 'identity_id' = to_jsonb(OLD) - 'identity_id' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'The table % is append-only.', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audience_consent_append_only BEFORE UPDATE OR DELETE ON audience_consent
  FOR EACH ROW EXECUTE FUNCTION arengo_consent_stands();
CREATE TRIGGER audience_consent_no_truncate BEFORE TRUNCATE ON audience_consent
  FOR EACH STATEMENT EXECUTE FUNCTION arengo_append_only();
"""

CONSENT_BACK = """
DROP TRIGGER audience_consent_no_truncate ON audience_consent;
DROP TRIGGER audience_consent_append_only ON audience_consent;
DROP FUNCTION arengo_consent_stands();
"""

POLICY = """
CREATE TRIGGER audience_policy_append_only BEFORE UPDATE OR DELETE ON audience_policy
  FOR EACH ROW EXECUTE FUNCTION arengo_append_only();
CREATE TRIGGER audience_policy_no_truncate BEFORE TRUNCATE ON audience_policy
  FOR EACH STATEMENT EXECUTE FUNCTION arengo_append_only();
"""

POLICY_BACK = """
DROP TRIGGER audience_policy_no_truncate ON audience_policy;
DROP TRIGGER audience_policy_append_only ON audience_policy;
"""


class Migration(migrations.Migration):
    dependencies = [("audience", "0003_consent_log"), ("core", "0002_guards")]

    operations = [
        migrations.RunSQL(CONSENT, CONSENT_BACK),
        migrations.RunSQL(POLICY, POLICY_BACK),
    ]
