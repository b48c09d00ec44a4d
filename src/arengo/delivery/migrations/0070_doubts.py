# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What decides whether a message whose answer was lost has gone, and how often it was tried."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0060_access_changes_are_announced'),
        ('delivery', '0020_message_ids_hashed'),
    ]

    operations = [
        migrations.AddField(
            model_name='outbox',
            name='outages',
            field=models.SmallIntegerField(db_default=0),
        ),
        migrations.AddField(
            model_name='outbox',
            name='tried_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name='Acceptances',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('second', models.DateTimeField()),
                ('deliveries', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.organization')),
                ('sender', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='delivery.sender')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'unscoped',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['sender', 'second'], name='delivery_accepted_then')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
                ('objects', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Doubt',
            fields=[
                ('delivery', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='doubt', serialize=False, to='delivery.delivery')),
                ('tried_at', django.contrib.postgres.fields.ArrayField(base_field=models.DateTimeField(), size=None)),
                ('since', models.DateTimeField()),
                ('repeats', models.SmallIntegerField(default=0)),
                ('neighbours', models.IntegerField(null=True)),
                ('weigh_at', models.DateTimeField(null=True)),
                ('fanout', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='delivery.fanout')),
                ('organization', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.organization')),
                ('sender', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='delivery.sender')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'unscoped',
                'default_manager_name': 'objects',
                'indexes': [models.Index(condition=models.Q(('weigh_at__isnull', False)), fields=['weigh_at'], name='delivery_doubt_to_weigh'), models.Index(condition=models.Q(('fanout__isnull', False)), fields=['fanout'], name='delivery_doubt_of_mailing')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
                ('objects', django.db.models.manager.Manager()),
            ],
        ),
    ]
