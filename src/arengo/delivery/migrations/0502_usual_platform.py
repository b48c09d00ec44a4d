# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""No platform is named by default: a sender of which nobody says another is of the first that registered."""

from django.db import migrations, models

import arengo.platforms.registry


class Migration(migrations.Migration):
    dependencies = [("delivery", "0501_platforms_are_named")]

    operations = [
        migrations.AlterField(
            model_name="sender",
            name="platform",
            field=models.CharField(default=arengo.platforms.registry.usual, max_length=20),
        ),
    ]
