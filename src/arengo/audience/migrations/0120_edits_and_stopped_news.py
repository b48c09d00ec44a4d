# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Edits are remembered for a month; what people stop at the platform is news, and the later word counts."""

import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("audience", "0100_former_user_ids"),
        ('core', '0060_access_changes_are_announced'),
    ]

    operations = [
        migrations.CreateModel(
            name='Edited',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('about_hash', models.BinaryField(max_length=16)),
                ('at', models.DateTimeField()),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'unscoped',
                'default_manager_name': 'objects',
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
                ('objects', django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddField(
            model_name='identity',
            name='marketing_said_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name='identity',
            index=models.Index(condition=models.Q(('marketing_stopped_at__isnull', False)), fields=['organization', 'id'], name='audience_stopped_news'),
        ),
        migrations.AddField(
            model_name='edited',
            name='organization',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.organization'),
        ),
        migrations.AddIndex(
            model_name='edited',
            index=models.Index(fields=['at'], name='audience_edited_age'),
        ),
        migrations.AddConstraint(
            model_name='edited',
            constraint=models.UniqueConstraint(fields=('organization', 'about_hash', 'at'), name='audience_edited_once'),
        ),
    ]
