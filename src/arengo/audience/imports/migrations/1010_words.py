# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What columns are called on any legal basis."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audience_imports', '0002_by_hand'),
    ]

    operations = [
        migrations.AlterField(
            model_name='import',
            name='columns',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(blank=True, choices=[('', 'Non importare'), ('phone', 'Numero di telefono'), ('name', 'Nome e cognome'), ('last_first', 'Nome, prima il cognome'), ('given', 'Solo il nome'), ('family', 'Solo il cognome'), ('topics', 'Temi'), ('day', 'Data della richiesta (giorno/mese/anno)'), ('proof', 'Prova della richiesta'), ('state', 'Stato dell’iscrizione altrove')], max_length=12), blank=True, default=list, size=None),
        ),
    ]
