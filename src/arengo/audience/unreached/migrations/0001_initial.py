# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""People who were not reached, which mailings were looked at, and the rule."""

import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('audience', '1031_reasons_are_listed'),
        ('core', '0510_palettes_in_english'),
        ('delivery', '0510_cause_of_a_timeline'),
    ]

    operations = [
        migrations.CreateModel(
            name='Checked',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mailed_at', models.DateTimeField()),
                ('total', models.PositiveIntegerField()),
                ('missed', models.PositiveIntegerField()),
                ('counts', models.BooleanField()),
                ('fanout', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='delivery.fanout')),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.organization')),
            ],
            options={
                'verbose_name': 'invio controllato',
                'verbose_name_plural': 'invii controllati',
                'abstract': False,
                'base_manager_name': 'unscoped',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['organization', 'mailed_at'], name='unreached_checked')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
                ('objects', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Miss',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('times', models.PositiveSmallIntegerField()),
                ('invalid', models.PositiveSmallIntegerField()),
                ('first_at', models.DateTimeField()),
                ('last_at', models.DateTimeField()),
                ('identity', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='audience.identity')),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.organization')),
            ],
            options={
                'verbose_name': 'numero non raggiunto',
                'verbose_name_plural': 'numeri non raggiunti',
                'abstract': False,
                'base_manager_name': 'unscoped',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['organization', 'invalid', 'id'], name='unreached_invalid'), models.Index(fields=['organization', 'times', 'id'], name='unreached_times')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
                ('objects', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='UnreachedRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('invalid_after', models.PositiveSmallIntegerField(default=3, verbose_name='il numero non c’è più')),
                ('unreached_after', models.PositiveSmallIntegerField(default=5, verbose_name='nessuna consegna')),
                ('kept_back', models.PositiveIntegerField(default=0)),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.organization')),
            ],
            options={
                'verbose_name': 'regola dei numeri non raggiunti',
                'verbose_name_plural': 'regole dei numeri non raggiunti',
                'abstract': False,
                'base_manager_name': 'unscoped',
                'default_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('organization',), name='unreached_rule_once')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
                ('objects', django.db.models.manager.Manager()),
            ],
        ),
    ]
