# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An update may be of any kind that a room registers."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("newsroom", "0700_placements_of_any_outlet")]

    operations = [
        migrations.AlterField("update", "kind", models.CharField(default="news", max_length=40)),
    ]
