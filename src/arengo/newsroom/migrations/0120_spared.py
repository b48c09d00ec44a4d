# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many subscribers were left out of a mailing because they stopped news at the platform."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("newsroom", "0090_tries_have_a_ceiling"),
    ]

    operations = [
        migrations.AddField(
            model_name='placement',
            name='spared',
            field=models.PositiveIntegerField(default=0),
        ),
    ]
