# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an update says beyond title and items, as its kind keeps it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("newsroom", "1401_put_away_and_remembered")]

    operations = [
        migrations.AddField(
            model_name="update",
            name="content",
            field=models.JSONField(blank=True, default=dict),
        ),
    ]
