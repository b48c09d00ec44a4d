# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("core", "0002_guards"),
    ]

    operations = [
        migrations.AddField(
            model_name="heartbeat",
            name="began_at",
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.AddField(
            model_name="heartbeat",
            name="detail",
            field=models.JSONField(default=dict),
        ),
    ]
