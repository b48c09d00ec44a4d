# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Renewals, the mailing through each number, and who is asked."""

import django.db.models.deletion
import django.db.models.manager
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('audience', '1060_confirmations'),
        ('core', '0510_palettes_in_english'),
        ('delivery', '0510_cause_of_a_timeline'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Renewal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('then', models.CharField(choices=[('stay', 'Resta nella lista'), ('leave', 'Esce dalla lista')], max_length=5, verbose_name='chi non risponde')),
                ('until', models.DateTimeField()),
                ('state', models.CharField(choices=[('asking', 'si sta chiedendo'), ('asked', 'si aspettano le risposte'), ('closing', 'escono le persone che non hanno risposto'), ('closed', 'conclusa'), ('stopped', 'fermata'), ('restoring', 'si torna indietro'), ('restored', 'annullata')], default='asking', max_length=10)),
                ('started_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ended_at', models.DateTimeField(null=True)),
                ('asked', models.PositiveIntegerField(default=0)),
                ('counted', models.JSONField(null=True)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('problem', models.TextField(blank=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.organization')),
                ('policy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='audience.policy')),
                ('restored_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'richiesta di conferma',
                'verbose_name_plural': 'richieste di conferma',
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
            name='RenewalMailing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('fanout', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='delivery.fanout')),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.organization')),
                ('renewal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mailings', to='audience_renewals.renewal')),
                ('sender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='delivery.sender')),
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
            name='Asking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('delivery_id', models.BigIntegerField()),
                ('at', models.DateTimeField()),
                ('state', models.CharField(choices=[('waiting', 'non ha ancora risposto'), ('accepted', 'ha accettato'), ('stays', 'ha chiesto di restare, senza dire che accetta'), ('left', 'è uscita dalla lista'), ('unreached', 'non è stata raggiunta in tempo'), ('unanswered', 'è uscita perché non ha risposto'), ('restored', 'è stata rimessa nella lista')], default='waiting', max_length=10)),
                ('answered_at', models.DateTimeField(null=True)),
                ('identity', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='audience.identity')),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.organization')),
                ('taken_off', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='audience.consent')),
                ('renewal', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='askings', to='audience_renewals.renewal')),
                ('mailing', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='audience_renewals.renewalmailing')),
            ],
            options={
                'verbose_name': 'persona a cui si è chiesto di nuovo',
                'verbose_name_plural': 'persone a cui si è chiesto di nuovo',
                'abstract': False,
                'base_manager_name': 'unscoped',
                'default_manager_name': 'objects',
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
                ('objects', django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddConstraint(
            model_name='renewal',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['asking', 'asked', 'closing', 'restoring'])), fields=('organization',), name='audience_renewal_alone'),
        ),
        migrations.AddConstraint(
            model_name='renewalmailing',
            constraint=models.UniqueConstraint(fields=('renewal', 'sender'), name='audience_renewal_once_a_sender'),
        ),
        migrations.AddIndex(
            model_name='asking',
            index=models.Index(fields=['renewal', 'state', 'id'], name='audience_asking_state'),
        ),
        migrations.AddConstraint(
            model_name='asking',
            constraint=models.UniqueConstraint(fields=('renewal', 'identity'), name='audience_asking_once'),
        ),
    ]
