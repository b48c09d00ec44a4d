# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A name that somebody asked for stays; words about the list may come from their own page."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audience', '1011_consents_by_page'),
    ]

    operations = [
        migrations.AddField(
            model_name='contact',
            name='name_corrected',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name='consent',
            name='source',
            field=models.CharField(choices=[('message', 'messaggio del cittadino'), ('platform', 'impostazioni di WhatsApp del cittadino'), ('staff', 'operatore, su richiesta del cittadino'), ('import', 'importazione di un elenco'), ('page', 'pagina personale del cittadino')], max_length=20),
        ),
    ]
