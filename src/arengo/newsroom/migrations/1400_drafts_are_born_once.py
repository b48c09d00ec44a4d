# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A page that sends a new draft twice makes one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("newsroom", "1000_quarters")]

    operations = [
        migrations.AddField(
            "update", "born_as", models.CharField(blank=True, db_default="", default="", max_length=40)
        ),
        migrations.AddConstraint(
            "update",
            models.UniqueConstraint(
                condition=models.Q(("born_as", ""), _negated=True),
                fields=("author", "born_as"),
                name="newsroom_update_born_once",
            ),
        ),
    ]
