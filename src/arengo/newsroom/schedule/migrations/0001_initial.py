# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.manager
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0510_palettes_in_english'),
        ('newsroom', '1000_quarters'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Appointment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('version', models.PositiveIntegerField()),
                ('planned_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('planned', 'programmato'), ('gone', 'partito'), ('lapsed', 'non partito'), ('off', 'tolto dagli invii programmati')], default='planned', max_length=10)),
                ('problem', models.TextField(blank=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.organization')),
                ('update', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='appointment', to='newsroom.update')),
            ],
            options={
                'verbose_name': 'invio programmato',
                'verbose_name_plural': 'invii programmati',
                'abstract': False,
                'base_manager_name': 'unscoped',
                'default_manager_name': 'objects',
                'indexes': [models.Index(condition=models.Q(('state', 'planned')), fields=['at'], name='newsroom_schedule_due')],
                'constraints': [models.CheckConstraint(condition=models.Q(('at__gt', models.F('planned_at'))), name='newsroom_schedule_later')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
                ('objects', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Rhythm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quiet_from', models.PositiveSmallIntegerField(default=1260)),
                ('quiet_until', models.PositiveSmallIntegerField(default=480)),
                ('weekdays', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=None)),
                ('at', models.PositiveSmallIntegerField(default=660)),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.organization')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'unscoped',
                'default_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('organization',), name='newsroom_schedule_one_rhythm'), models.CheckConstraint(condition=models.Q(('at__lt', 1440), ('quiet_from__lt', 1440), ('quiet_until__lt', 1440)), name='newsroom_schedule_minutes')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
                ('objects', django.db.models.manager.Manager()),
            ],
        ),
    ]
