# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The log of choices only grows, as that of consents does: of a row only the identity may change."""

from django.db import migrations

CHOICE = """
CREATE TRIGGER audience_choice_append_only BEFORE UPDATE OR DELETE ON audience_choice
  FOR EACH ROW EXECUTE FUNCTION arengo_consent_stands();
CREATE TRIGGER audience_choice_no_truncate BEFORE TRUNCATE ON audience_choice
  FOR EACH STATEMENT EXECUTE FUNCTION arengo_append_only();
"""

CHOICE_BACK = """
DROP TRIGGER audience_choice_no_truncate ON audience_choice;
DROP TRIGGER audience_choice_append_only ON audience_choice;
"""


class Migration(migrations.Migration):
    dependencies = [("audience_topics", "0001_initial"), ("audience", "0004_guards")]

    operations = [migrations.RunSQL(CHOICE, CHOICE_BACK)]
