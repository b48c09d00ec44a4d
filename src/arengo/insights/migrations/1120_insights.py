# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was counted of each day."""

import django.db.models.deletion
import django.db.models.manager
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0510_palettes_in_english'),
        ('desk', '1120_days'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CountedDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('content', models.TextField()),
                ('subscribers', models.PositiveIntegerField(null=True)),
                ('counted_at', models.DateTimeField()),
                ('desk', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='desk.desk')),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.organization')),
            ],
            options={
                'verbose_name': 'giorno contato',
                'verbose_name_plural': 'giorni contati',
                'abstract': False,
                'base_manager_name': 'unscoped',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['organization', 'day'], name='insights_days')],
                'constraints': [models.UniqueConstraint(fields=('desk', 'day'), name='insights_day_once')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
                ('objects', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='OperatorAgreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agreed_on', models.DateField(verbose_name='data dell’accordo')),
                ('reference', models.CharField(max_length=200, verbose_name='accordo')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.organization')),
            ],
            options={
                'verbose_name': 'accordo sui dati per operatore',
                'verbose_name_plural': 'accordi sui dati per operatore',
                'abstract': False,
                'base_manager_name': 'unscoped',
                'default_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('organization',), name='insights_agreement_once')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
                ('objects', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='OperatorDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('content', models.TextField()),
                ('desk', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='desk.desk')),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.organization')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'giorno di un operatore',
                'verbose_name_plural': 'giorni degli operatori',
                'abstract': False,
                'base_manager_name': 'unscoped',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['organization', 'day'], name='insights_operator_days')],
                'constraints': [models.UniqueConstraint(fields=('desk', 'day', 'person'), name='insights_operator_day_once')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
                ('objects', django.db.models.manager.Manager()),
            ],
        ),
    ]
