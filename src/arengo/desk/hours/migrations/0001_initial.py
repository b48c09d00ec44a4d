# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rows that say when a desk is open. Public pages show them: each change is told."""

from __future__ import annotations

import django.db.models.deletion
import django.db.models.manager
from django.conf import settings
from django.db import migrations, models

from arengo.core.watching import watch

_TABLES = ("timetable", "season", "interval", "closure", "extraopening", "emergencyopening")


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0501_platforms_are_named'),
        ('desk', '1000_desks'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Season',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='nome')),
                ('first_month', models.PositiveSmallIntegerField()),
                ('first_day', models.PositiveSmallIntegerField()),
                ('last_month', models.PositiveSmallIntegerField()),
                ('last_day', models.PositiveSmallIntegerField()),
                ('desk', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='desk.desk')),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.organization')),
            ],
            options={
                'verbose_name': 'stagione',
                'verbose_name_plural': 'stagioni',
                'ordering': ['first_month', 'first_day', 'id'],
                'abstract': False,
                'base_manager_name': 'unscoped',
                'default_manager_name': 'objects',
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
                ('objects', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Interval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weekday', models.PositiveSmallIntegerField()),
                ('opens', models.PositiveSmallIntegerField()),
                ('closes', models.PositiveSmallIntegerField()),
                ('desk', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='desk.desk')),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.organization')),
                ('season', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='intervals', to='desk_hours.season')),
            ],
            options={
                'verbose_name': 'intervallo',
                'verbose_name_plural': 'intervalli',
                'ordering': ['weekday', 'opens'],
                'abstract': False,
                'base_manager_name': 'unscoped',
                'default_manager_name': 'objects',
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
                ('objects', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Timetable',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('national_holidays', models.BooleanField(db_default=True, default=True, verbose_name='chiuso nelle feste nazionali')),
                ('patron_month', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('patron_day', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('patron_name', models.CharField(blank=True, db_default='', max_length=80, verbose_name='festa del patrono')),
                ('desk', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='timetable', to='desk.desk')),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.organization')),
            ],
            options={
                'verbose_name': 'orari',
                'verbose_name_plural': 'orari',
                'abstract': False,
                'base_manager_name': 'unscoped',
                'default_manager_name': 'objects',
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
                ('objects', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Closure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_day', models.DateField(verbose_name='dal giorno')),
                ('from_minute', models.PositiveSmallIntegerField(null=True)),
                ('last_day', models.DateField(verbose_name='al giorno')),
                ('until_minute', models.PositiveSmallIntegerField(null=True)),
                ('reason', models.CharField(blank=True, max_length=120, verbose_name='motivo')),
                ('decided_at', models.DateTimeField(auto_now_add=True)),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('desk', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='desk.desk')),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.organization')),
            ],
            options={
                'verbose_name': 'chiusura',
                'verbose_name_plural': 'chiusure',
                'ordering': ['first_day', 'id'],
                'abstract': False,
                'base_manager_name': 'unscoped',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['desk', 'last_day'], name='desk_hours_closure_ends')],
                'constraints': [models.CheckConstraint(condition=models.Q(('first_day__lte', models.F('last_day'))), name='desk_hours_closure_forward')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
                ('objects', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='EmergencyOpening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('reason', models.CharField(max_length=120, verbose_name='motivo')),
                ('closed_at', models.DateTimeField(null=True)),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('desk', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='desk.desk')),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.organization')),
            ],
            options={
                'verbose_name': 'apertura straordinaria',
                'verbose_name_plural': 'aperture straordinarie',
                'ordering': ['-starts_at'],
                'abstract': False,
                'base_manager_name': 'unscoped',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['desk', 'until'], name='desk_hours_emergency_until')],
                'constraints': [models.CheckConstraint(condition=models.Q(('starts_at__lt', models.F('until'))), name='desk_hours_emergency_forward')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
                ('objects', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='ExtraOpening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='giorno')),
                ('opens', models.PositiveSmallIntegerField()),
                ('closes', models.PositiveSmallIntegerField()),
                ('reason', models.CharField(blank=True, max_length=120, verbose_name='motivo')),
                ('decided_at', models.DateTimeField(auto_now_add=True)),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('desk', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='desk.desk')),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.organization')),
            ],
            options={
                'verbose_name': 'apertura in più',
                'verbose_name_plural': 'aperture in più',
                'ordering': ['day', 'opens', 'id'],
                'abstract': False,
                'base_manager_name': 'unscoped',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['desk', 'day'], name='desk_hours_extra_day')],
                'constraints': [models.CheckConstraint(condition=models.Q(('closes__lte', 1440), ('opens__lt', models.F('closes'))), name='desk_hours_extra_in_day')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
                ('objects', django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddConstraint(
            model_name='season',
            constraint=models.CheckConstraint(condition=models.Q(('first_day__range', (1, 31)), ('first_month__range', (1, 12)), ('last_day__range', (1, 31)), ('last_month__range', (1, 12))), name='desk_hours_season_in_year'),
        ),
        migrations.AddConstraint(
            model_name='interval',
            constraint=models.CheckConstraint(condition=models.Q(('closes__lte', 1440), ('opens__lt', models.F('closes')), ('weekday__lte', 6)), name='desk_hours_interval_in_day'),
        ),
        migrations.AddConstraint(
            model_name='timetable',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('patron_day', None), ('patron_month', None)), models.Q(('patron_day__range', (1, 31)), ('patron_month__range', (1, 12))), _connector='OR'), name='desk_hours_patron_whole'),
        ),
        *(watch(f"desk_hours_{name}") for name in _TABLES),
        watch("desk_desk"),
    ]
