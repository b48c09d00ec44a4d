# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Citizens' requests about their data, codes that show who asks, objections."""

import django.db.models.deletion
import django.db.models.manager
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('audience', '1020_rights_of_people'),
        ('core', '0510_palettes_in_english'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Objection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='audience.contact')),
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
            name='IdentityCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code_hash', models.BinaryField(max_length=32)),
                ('expires_at', models.DateTimeField()),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='audience.contact')),
                ('identity', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='audience.identity')),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.organization')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'unscoped',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['expires_at'], name='audience_code_age')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
                ('objects', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='RightsRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('right', models.CharField(choices=[('copy', 'Che cosa sappiamo di lei'), ('correct', 'Correggi'), ('object', 'Si oppone'), ('erase', 'Cancella tutto di lei')], max_length=10, verbose_name='che cosa chiede')),
                ('way', models.CharField(choices=[('counter', 'allo sportello'), ('phone', 'al telefono'), ('chat', 'nella chat'), ('letter', 'per lettera, e-mail o PEC'), ('page', 'dalla sua pagina personale')], max_length=10, verbose_name='come l’ha chiesto')),
                ('asked_on', models.DateField(verbose_name='quando l’ha chiesto')),
                ('due_on', models.DateField()),
                ('state', models.CharField(choices=[('open', 'aperta'), ('done', 'fatta'), ('withdrawn', 'non serve più')], default='open', max_length=10)),
                ('check_way', models.CharField(blank=True, choices=[('code', 'codice nella sua chat'), ('document', 'documento mostrato'), ('remote', 'PEC, SPID o CIE'), ('link', 'collegamento nella sua chat')], max_length=10)),
                ('ended_at', models.DateTimeField(null=True)),
                ('before_sealed', models.BinaryField(null=True)),
                ('after_sealed', models.BinaryField(null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='audience.contact')),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('key', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='audience.contactkey')),
                ('organization', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.organization')),
            ],
            options={
                'verbose_name': 'richiesta sui dati',
                'verbose_name_plural': 'richieste sui dati',
                'abstract': False,
                'base_manager_name': 'unscoped',
                'default_manager_name': 'objects',
                'indexes': [models.Index(condition=models.Q(('state', 'open')), fields=['organization', 'due_on', 'id'], name='audience_rights_due'), models.Index(condition=models.Q(('state', 'open'), _negated=True), fields=['organization', '-ended_at'], name='audience_rights_ended'), models.Index(condition=models.Q(('state', 'open'), _negated=True), fields=['ended_at'], name='audience_rights_age')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
                ('objects', django.db.models.manager.Manager()),
            ],
        ),
    ]
