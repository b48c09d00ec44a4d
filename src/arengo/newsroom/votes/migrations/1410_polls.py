# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Polls, the votes that wait, who voted, and what is said to them."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.manager
import uuid
from django.db import migrations, models

from arengo.core.watching import watch


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('audience', '1070_places_of_codes'),
        ('core', '0510_palettes_in_english'),
        ('newsroom', '1410_content'),
    ]

    operations = [
        migrations.CreateModel(
            name='Poll',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('state', models.CharField(choices=[('open', 'aperto'), ('closed', 'chiuso'), ('lost', 'senza chiave')], default='open', max_length=10)),
                ('question', models.TextField()),
                ('options', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ('page_url', models.TextField(blank=True)),
                ('shows_so_far', models.BooleanField(default=False)),
                ('closes_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('public_key', models.BinaryField()),
                ('signing_key', models.BinaryField()),
                ('outlets', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ('box', models.BinaryField(default=bytes)),
                ('counted', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), default=list, size=None)),
                ('counted_from', models.JSONField(default=dict)),
                ('counted_at', models.DateTimeField(null=True)),
                ('register', models.TextField(blank=True)),
                ('statement', models.TextField(blank=True)),
                ('signature', models.BinaryField(default=bytes)),
                ('opened_entry', models.BigIntegerField(null=True)),
                ('counted_entry', models.BigIntegerField(null=True)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.organization')),
                ('update', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='poll', to='newsroom.update')),
            ],
            options={
                'verbose_name': 'sondaggio',
                'verbose_name_plural': 'sondaggi',
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
            name='Pending',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sealed', models.BinaryField()),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.organization')),
                ('poll', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pending', to='newsroom_votes.poll')),
            ],
            options={
                'verbose_name': 'voto in attesa',
                'verbose_name_plural': 'voti in attesa',
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
            name='PollWords',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('taken', models.TextField(verbose_name='voto arrivato')),
                ('late', models.TextField(verbose_name='voto arrivato tardi')),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.organization')),
            ],
            options={
                'verbose_name': 'parole dei sondaggi',
                'verbose_name_plural': 'parole dei sondaggi',
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
            name='Voter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('closed_at', models.DateTimeField(null=True)),
                ('identity', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='audience.identity')),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.organization')),
                ('poll', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='voters', to='newsroom_votes.poll')),
            ],
            options={
                'verbose_name': 'chi ha votato',
                'verbose_name_plural': 'chi ha votato',
                'abstract': False,
                'base_manager_name': 'unscoped',
                'default_manager_name': 'objects',
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
                ('objects', django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddIndex(
            model_name='poll',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['closes_at'], name='newsroom_poll_open'),
        ),
        migrations.AddConstraint(
            model_name='pollwords',
            constraint=models.UniqueConstraint(fields=('organization',), name='newsroom_poll_words_once'),
        ),
        migrations.AddIndex(
            model_name='voter',
            index=models.Index(fields=['organization', 'closed_at'], name='newsroom_voter_age'),
        ),
        migrations.AddConstraint(
            model_name='voter',
            constraint=models.UniqueConstraint(fields=('poll', 'identity'), name='newsroom_voter_once'),
        ),
        watch("newsroom_votes_poll"),
    ]
