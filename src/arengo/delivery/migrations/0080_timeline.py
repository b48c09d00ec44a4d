# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An installation knows when it is older than it was, and withholds its outbox (delivery/timeline)."""

from typing import Any

import arengo.delivery.timeline.models
import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models

from arengo.delivery.timeline import ids


def _apart(apps: Any, schema_editor: Any) -> None:
    """Ids of another installation, or of this one before a step back, are not those given out from now on."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence('delivery_delivery', 'id')")
        sequence = cursor.fetchone()[0]
        cursor.execute(f"SELECT last_value FROM {sequence}")  # noqa: S608  # PostgreSQL's own answer
        last = int(cursor.fetchone()[0])
        if not ids.mark_of(last):
            cursor.execute("SELECT setval(%s, %s, false)", [sequence, ids.first_of_timeline(last)])


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0080_alarms'),
        ("delivery", "0070_doubts"),
    ]

    operations = [
        migrations.CreateModel(
            name='Timeline',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('installation', models.CharField(default=arengo.delivery.timeline.models.new_token, max_length=16)),
                ('token', models.CharField(default=arengo.delivery.timeline.models.new_token, max_length=16, unique=True)),
                ('sign', models.CharField(choices=[('installed', 'installazione'), ('restore', 'ripristino con «arengo restore»'), ('folder', 'la cartella dei dati è più avanti della banca dati'), ('copy', 'la banca dati è stata ricaricata da una copia'), ('server', 'il server della banca dati è tornato a un momento precedente'), ('receipt', 'WhatsApp parla di messaggi che qui non risultano inviati')], max_length=10)),
                ('began_at', models.DateTimeField()),
                ('lost_from', models.DateTimeField(null=True)),
                ('before_delivery', models.BigIntegerField(default=0)),
                ('first_delivery', models.BigIntegerField()),
                ('last_delivery', models.BigIntegerField(default=0)),
                ('seen_delivery', models.BigIntegerField(default=0)),
                ('withheld_at', models.DateTimeField(null=True)),
                ('tick', models.BigIntegerField(default=0)),
                ('moved_at', models.DateTimeField()),
                ('place', models.JSONField(default=dict)),
                ('moved_place_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='TimelineRead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(auto_now_add=True)),
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
            model_name='fanout',
            name='withheld_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='state',
            field=models.SmallIntegerField(choices=[(0, 'in coda'), (5, 'trattenuto'), (15, 'esito incerto'), (17, 'esito sconosciuto'), (20, 'accettato'), (30, 'inviato'), (40, 'consegnato'), (50, 'letto'), (90, 'non riuscito'), (95, 'annullato')], default=0),
        ),
        migrations.AlterField(
            model_name='outbox',
            name='state',
            field=models.SmallIntegerField(choices=[(0, 'Ready'), (5, 'Later'), (10, 'Claimed'), (15, 'Uncertain'), (20, 'Withheld')], default=0),
        ),
        migrations.AddIndex(
            model_name='outbox',
            index=models.Index(condition=models.Q(('state', 20)), fields=['organization', 'fanout'], name='outbox_withheld'),
        ),
        migrations.AddField(
            model_name='timelineread',
            name='organization',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.organization'),
        ),
        migrations.AddField(
            model_name='timelineread',
            name='timeline',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='delivery.timeline'),
        ),
        migrations.AddConstraint(
            model_name='timelineread',
            constraint=models.UniqueConstraint(fields=('timeline', 'organization'), name='delivery_timeline_read_once'),
        ),
        migrations.RunPython(_apart, migrations.RunPython.noop),
    ]
