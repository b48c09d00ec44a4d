# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The database itself guards it: what was answered to a consent only grows."""

from django.db import migrations

TOLD = """
CREATE TRIGGER audience_proofs_told_append_only BEFORE UPDATE OR DELETE ON audience_proofs_told
  FOR EACH ROW EXECUTE FUNCTION arengo_append_only();
CREATE TRIGGER audience_proofs_told_no_truncate BEFORE TRUNCATE ON audience_proofs_told
  FOR EACH STATEMENT EXECUTE FUNCTION arengo_append_only();
"""
BACK = """
DROP TRIGGER audience_proofs_told_no_truncate ON audience_proofs_told;
DROP TRIGGER audience_proofs_told_append_only ON audience_proofs_told;
"""


class Migration(migrations.Migration):
    dependencies = [("audience_proofs", "0001_initial"), ("core", "0002_guards")]

    operations = [migrations.RunSQL(TOLD, BACK)]
