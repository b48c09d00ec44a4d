# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Red banners of an organization's console (core/alarms.py)."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0060_access_changes_are_announced'),
    ]

    operations = [
        migrations.AddField(
            model_name='organization',
            name='alarms',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), default=list, editable=False, size=None),
        ),
    ]
