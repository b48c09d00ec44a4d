# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The directory of offices, services and forms."""

from __future__ import annotations

import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0501_platforms_are_named'),
    ]

    operations = [
        migrations.CreateModel(
            name='DirectoryEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('office', 'ufficio'), ('service', 'servizio'), ('form', 'modulo')], default='office', max_length=8, verbose_name='tipo')),
                ('name', models.CharField(max_length=120, verbose_name='nome')),
                ('place', models.CharField(blank=True, max_length=200, verbose_name='dove')),
                ('hours', models.CharField(blank=True, max_length=200, verbose_name='orari')),
                ('phone', models.CharField(blank=True, max_length=60, verbose_name='telefono')),
                ('mail', models.EmailField(blank=True, max_length=120, verbose_name='e-mail')),
                ('link', models.URLField(blank=True, max_length=500, verbose_name='pagina')),
                ('topic', models.CharField(blank=True, max_length=60, verbose_name='argomento')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='nota')),
                ('used', models.PositiveIntegerField(db_default=0, default=0)),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.organization')),
            ],
            options={
                'verbose_name': 'voce della rubrica',
                'verbose_name_plural': 'voci della rubrica',
                'ordering': ['name', 'id'],
                'abstract': False,
                'base_manager_name': 'unscoped',
                'default_manager_name': 'objects',
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
                ('objects', django.db.models.manager.Manager()),
            ],
        ),
    ]
