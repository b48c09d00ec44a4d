# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Linked chats, and the codes that link them."""

import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('audience', '1050_linked_people'),
        ('core', '0510_palettes_in_english'),
    ]

    operations = [
        migrations.CreateModel(
            name='Link',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('swapped', models.BooleanField(default=False)),
                ('paused', models.BooleanField(default=False)),
                ('after_consent', models.BigIntegerField(default=0)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.organization')),
                ('other', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='audience.identity')),
                ('preferred', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='audience.identity')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'unscoped',
                'default_manager_name': 'objects',
                'constraints': [models.CheckConstraint(condition=models.Q(('preferred', models.F('other')), _negated=True), name='audience_link_of_two')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
                ('objects', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='LinkCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sender_id', models.BigIntegerField()),
                ('code_hash', models.BinaryField(max_length=32)),
                ('expires_at', models.DateTimeField()),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('identity', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='audience.identity')),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.organization')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'unscoped',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['organization', 'expires_at'], name='audience_link_code_waits'), models.Index(fields=['expires_at'], name='audience_link_code_age')],
                'constraints': [models.UniqueConstraint(fields=('organization', 'code_hash'), name='audience_link_code_once')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
                ('objects', django.db.models.manager.Manager()),
            ],
        ),
    ]
