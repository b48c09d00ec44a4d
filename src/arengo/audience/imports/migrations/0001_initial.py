# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Imports, their files, their rows."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.manager
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('audience', '0910_imported_consents'),
        ('core', '0510_palettes_in_english'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Import',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('size', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('reading', 'si legge il file'), ('unreadable', 'file che non si legge'), ('columns', 'colonne da confermare'), ('checking', 'si controllano le righe'), ('checked', 'da confermare'), ('running', 'in corso'), ('done', 'fatta'), ('undoing', 'si annulla'), ('undone', 'annullata')], default='reading', max_length=10)),
                ('problem', models.TextField(blank=True)),
                ('encoding', models.CharField(blank=True, max_length=20)),
                ('separator', models.CharField(blank=True, max_length=1)),
                ('sample_sealed', models.BinaryField(null=True)),
                ('columns', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(blank=True, choices=[('', 'Non importare'), ('phone', 'Numero di telefono'), ('name', 'Nome e cognome'), ('last_first', 'Nome, prima il cognome'), ('given', 'Solo il nome'), ('family', 'Solo il cognome'), ('topics', 'Temi'), ('day', 'Data del consenso (giorno/mese/anno)'), ('proof', 'Prova del consenso'), ('state', 'Stato dell’iscrizione altrove')], max_length=12), blank=True, default=list, size=None)),
                ('sender_id', models.BigIntegerField(null=True)),
                ('total', models.PositiveIntegerField(default=0)),
                ('done', models.PositiveIntegerField(default=0)),
                ('proof', models.CharField(blank=True, choices=[('document', 'Una per tutte le persone'), ('rows', 'Una per riga, scritta nel file')], max_length=10)),
                ('way', models.CharField(blank=True, choices=[('paper', 'Modulo di carta firmato'), ('web', 'Modulo in rete'), ('message', 'Messaggio a un altro sistema')], max_length=10)),
                ('first_day', models.DateField(null=True)),
                ('last_day', models.DateField(null=True)),
                ('words', models.TextField(blank=True, max_length=2000)),
                ('place', models.CharField(blank=True, max_length=300)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('touched_at', models.DateTimeField(auto_now=True)),
                ('started_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('undone_at', models.DateTimeField(null=True)),
                ('joined', models.PositiveIntegerField(default=0)),
                ('listed', models.PositiveIntegerField(default=0)),
                ('left_out', models.PositiveIntegerField(default=0)),
                ('taken_back', models.PositiveIntegerField(default=0)),
                ('stayed', models.PositiveIntegerField(default=0)),
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
            name='Part',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('content_sealed', models.BinaryField()),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='audience_imports.import')),
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
            name='Row',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('ready', 'pronta'), ('wrong', 'da correggere'), ('double', 'doppia'), ('listed', 'già iscritta'), ('left', 'si era cancellata'), ('unproved', 'senza prova'), ('joined', 'iscritta'), ('undone', 'tolta di nuovo'), ('stayed', 'rimasta')], max_length=10)),
                ('problem', models.CharField(blank=True, max_length=12)),
                ('detail', models.CharField(blank=True, max_length=40)),
                ('proved', models.BooleanField(default=False)),
                ('phone_hash', models.BinaryField(max_length=32, null=True)),
                ('entry_sealed', models.BinaryField()),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='audience_imports.import')),
                ('identity', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='audience.identity')),
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
        migrations.AddIndex(
            model_name='import',
            index=models.Index(fields=['organization', '-created_at'], name='audience_imports_recent'),
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['running', 'undoing'])), fields=('organization',), name='audience_imports_one'),
        ),
        migrations.AddConstraint(
            model_name='part',
            constraint=models.UniqueConstraint(fields=('batch', 'position'), name='audience_imports_part_once'),
        ),
        migrations.AddIndex(
            model_name='row',
            index=models.Index(fields=['batch', 'state', 'number'], name='audience_imports_row_state'),
        ),
        migrations.AddIndex(
            model_name='row',
            index=models.Index(condition=models.Q(('phone_hash__isnull', False)), fields=['phone_hash'], name='audience_imports_row_phone'),
        ),
        migrations.AddConstraint(
            model_name='row',
            constraint=models.UniqueConstraint(fields=('batch', 'number'), name='audience_imports_row_once'),
        ),
    ]
