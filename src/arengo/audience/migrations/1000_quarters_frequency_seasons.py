# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A topic may have a season and end; quarters and the frequency are chosen as topics are."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audience', '0910_imported_consents'),
        ('core', '0510_palettes_in_english'),
    ]

    operations = [
        migrations.CreateModel(
            name='Quarter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='nome')),
                ('words', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['position', 'id'],
                'abstract': False,
                'base_manager_name': 'unscoped',
                'default_manager_name': 'objects',
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
                ('objects', django.db.models.manager.Manager()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='topic',
            name='audience_topic_name',
        ),
        migrations.AddField(
            model_name='subscription',
            name='frequency',
            field=models.CharField(blank=True, db_default='', default='', max_length=20),
        ),
        migrations.AddField(
            model_name='topic',
            name='ended_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='topic',
            name='merged_into',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='audience.topic'),
        ),
        migrations.AddField(
            model_name='topic',
            name='season_from',
            field=models.CharField(blank=True, db_default='', default='', max_length=5, verbose_name='dal'),
        ),
        migrations.AddField(
            model_name='topic',
            name='season_to',
            field=models.CharField(blank=True, db_default='', default='', max_length=5, verbose_name='al'),
        ),
        migrations.AddConstraint(
            model_name='topic',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('organization', 'name'), name='audience_topic_name'),
        ),
        migrations.AddField(
            model_name='quarter',
            name='merged_into',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='audience.quarter'),
        ),
        migrations.AddField(
            model_name='quarter',
            name='organization',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.organization'),
        ),
        migrations.AddField(
            model_name='subscription',
            name='quarters',
            field=models.ManyToManyField(blank=True, related_name='subscriptions', to='audience.quarter'),
        ),
        migrations.AddIndex(
            model_name='subscription',
            index=models.Index(condition=models.Q(('frequency', ''), _negated=True), fields=['organization', 'frequency', 'id'], name='audience_frequency'),
        ),
        migrations.AddConstraint(
            model_name='quarter',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('organization', 'name'), name='audience_quarter_name'),
        ),
    ]
