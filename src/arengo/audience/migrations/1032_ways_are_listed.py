# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""People who came one way, the newest first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audience", "1031_reasons_are_listed")]

    operations = [
        migrations.AddIndex(
            model_name="consent",
            index=models.Index(
                condition=models.Q(("action", "given"), ("effective", True)),
                fields=["organization", "source", "-at", "-id"],
                name="audience_consent_ways",
            ),
        ),
    ]
