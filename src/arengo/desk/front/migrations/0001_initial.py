# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's public page says. Public pages show it: each change is told."""

from __future__ import annotations

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models

from arengo.core.watching import watch


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0510_palettes_in_english'),
    ]

    operations = [
        migrations.CreateModel(
            name='FrontPage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('card_name', models.CharField(blank=True, max_length=60, verbose_name='nome in rubrica')),
                ('topics', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=160), blank=True, default=list, size=None)),
                ('not_here', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=160), blank=True, default=list, size=None)),
                ('toll_free', models.CharField(blank=True, max_length=40, verbose_name='numero verde')),
                ('counter_address', models.CharField(blank=True, max_length=200, verbose_name='dove venire di persona')),
                ('counter_hours', models.CharField(blank=True, max_length=200, verbose_name='orari dell’ufficio')),
                ('trial_until', models.DateField(blank=True, null=True, verbose_name='in prova fino al')),
                ('trial_words', models.CharField(blank=True, max_length=200, verbose_name='parole sulla prova')),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.organization')),
            ],
            options={
                'verbose_name': 'pagina dello sportello',
                'verbose_name_plural': 'pagine dello sportello',
                'abstract': False,
                'base_manager_name': 'unscoped',
                'default_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('organization',), name='desk_front_once')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
                ('objects', django.db.models.manager.Manager()),
            ],
        ),
        watch("desk_front_frontpage"),
    ]
