# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""By which way somebody joined or left, and the terms of joining.

A list that exists already was opened with texts that speak of consent: that stays its basis until somebody changes both.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audience', '1000_quarters_frequency_seasons'),
    ]

    operations = [
        migrations.AddField(
            model_name='consent',
            name='poster',
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name='consent',
            name='way',
            field=models.CharField(blank=True, choices=[('message', 'messaggio scritto dalla persona'), ('button', 'pulsante premuto dalla persona'), ('menu', 'voce scelta dalla persona in un menu'), ('poster', 'testo pronto di un codice QR o di un collegamento, inviato dalla persona'), ('form', 'modulo del sito, inviato dalla persona nella chat'), ('read', 'messaggio della persona, letto come richiesta da un operatore'), ('staff', 'registrata dal personale, su richiesta della persona'), ('platform', 'impostazioni della persona sulla piattaforma'), ('import', 'importazione di un elenco, con la sua prova'), ('page', 'pagina personale, con un collegamento chiesto dalla persona nella chat'), ('rule', 'regola della lista, applicata da Arengo')], max_length=10),
        ),
        migrations.AddField(
            model_name='consent',
            name='sender_id',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='policy',
            name='legal_basis',
            field=models.CharField(blank=True, db_default='', default='', choices=[('task', 'compito di interesse pubblico (art. 6, par. 1, lett. e GDPR)'), ('consent', 'consenso (art. 6, par. 1, lett. a GDPR)')], max_length=10),
        ),
        migrations.AddField(
            model_name='listsettings',
            name='legal_basis',
            field=models.CharField(choices=[('task', 'compito di interesse pubblico (art. 6, par. 1, lett. e GDPR)'), ('consent', 'consenso (art. 6, par. 1, lett. a GDPR)')], default='consent', max_length=10, verbose_name='base giuridica dell’iscrizione'),
        ),
        migrations.AddField(
            model_name='listsettings',
            name='minimum_age',
            field=models.CharField(blank=True, max_length=200, verbose_name='età minima'),
        ),
        migrations.AlterField(
            model_name='listsettings',
            name='legal_basis',
            field=models.CharField(choices=[('task', 'compito di interesse pubblico (art. 6, par. 1, lett. e GDPR)'), ('consent', 'consenso (art. 6, par. 1, lett. a GDPR)')], default='task', max_length=10, verbose_name='base giuridica dell’iscrizione'),
        ),
    ]
