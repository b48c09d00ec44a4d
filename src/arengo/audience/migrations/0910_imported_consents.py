# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Consents that came with an imported list have a source of their own."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audience', '0900_consent_action'),
    ]

    operations = [
        migrations.AlterField(
            model_name='consent',
            name='source',
            field=models.CharField(choices=[('message', 'messaggio del cittadino'), ('platform', 'impostazioni di WhatsApp del cittadino'), ('staff', 'operatore, su richiesta del cittadino'), ('import', 'importazione di un elenco')], max_length=20),
        ),
    ]
