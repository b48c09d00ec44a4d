# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Days of the list."""

import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0510_palettes_in_english'),
    ]

    operations = [
        migrations.CreateModel(
            name='ListDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('joined', models.JSONField(default=dict)),
                ('left', models.JSONField(default=dict)),
                ('listed', models.PositiveIntegerField(null=True)),
                ('topics', models.JSONField(null=True)),
                ('only_ask', models.PositiveIntegerField(null=True)),
                ('counted_at', models.DateTimeField()),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.organization')),
            ],
            options={
                'verbose_name': 'giorno della lista',
                'verbose_name_plural': 'giorni della lista',
                'abstract': False,
                'base_manager_name': 'unscoped',
                'default_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('organization', 'day'), name='overview_day_once')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
                ('objects', django.db.models.manager.Manager()),
            ],
        ),
    ]
