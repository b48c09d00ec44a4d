# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""People who left for one reason, and by the rules of the list, the newest first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audience", "1030_reasons")]

    operations = [
        migrations.AddIndex(
            model_name="consent",
            index=models.Index(
                condition=models.Q(("action", "withdrawn"), ("effective", True)),
                fields=["organization", "reason", "-at", "-id"],
                name="audience_consent_reasons",
            ),
        ),
        migrations.AddIndex(
            model_name="consent",
            index=models.Index(
                condition=models.Q(("effective", True), ("reason__in", ("invalid", "never_reached"))),
                fields=["organization", "-at", "-id"],
                name="audience_consent_ruled",
            ),
        ),
    ]
