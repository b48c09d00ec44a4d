# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody changed of their choice; what the staff did with topics and quarters."""

import django.db.models.deletion
import django.db.models.manager
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('audience', '1000_quarters_frequency_seasons'),
        ('core', '0510_palettes_in_english'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('action', models.CharField(choices=[('changed', 'cambiato'), ('removed', 'tolto'), ('merged', 'unito')], max_length=10)),
                ('sort', models.CharField(choices=[('topic', 'tema'), ('quarter', 'quartiere')], max_length=10)),
                ('about', models.BigIntegerField()),
                ('into', models.BigIntegerField(null=True)),
                ('name', models.CharField(max_length=80)),
                ('before', models.JSONField(default=dict)),
                ('people', models.PositiveIntegerField(default=0)),
                ('at', models.DateTimeField()),
                ('undone_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.organization')),
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
        migrations.CreateModel(
            name='Choosing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_sealed', models.BinaryField(null=True)),
                ('at', models.DateTimeField()),
                ('way', models.CharField(choices=[('message', 'messaggio del cittadino'), ('button', 'elenco premuto nella chat'), ('page', 'pagina personale'), ('staff', 'operatore, su richiesta del cittadino')], max_length=10)),
                ('detail_sealed', models.BinaryField(null=True)),
                ('text_sealed', models.BinaryField(null=True)),
                ('message_id_sealed', models.BinaryField(null=True)),
                ('recorded_at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('identity', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='choosings', to='audience.identity')),
                ('key', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='audience.contactkey')),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.organization')),
            ],
            options={
                'db_table': 'audience_choice',
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
            name='Touched',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('had_target', models.BooleanField()),
                ('change', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='touched', to='audience_topics.change')),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.organization')),
                ('subscription', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='audience.subscription')),
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
        migrations.AddIndex(
            model_name='change',
            index=models.Index(fields=['organization', '-at'], name='audience_change_recent'),
        ),
        migrations.AddIndex(
            model_name='choosing',
            index=models.Index(fields=['identity', '-at'], name='audience_choice_recent'),
        ),
        migrations.AddConstraint(
            model_name='touched',
            constraint=models.UniqueConstraint(fields=('change', 'subscription'), name='audience_touched_once'),
        ),
    ]
