# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0060_access_changes_are_announced'),
        ('desk', '0030_time_of_receipt'),
    ]

    operations = [
        migrations.AddField(
            model_name='attachment',
            name='busy_until',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='attachment',
            name='cause',
            field=models.CharField(blank=True, choices=[('platform', 'piattaforma'), ('disk', 'disco pieno'), ('house', 'errore di Arengo'), ('picture', 'anteprima')], db_default='', default='', max_length=10),
        ),
        migrations.AddField(
            model_name='attachment',
            name='code',
            field=models.IntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='attachment',
            name='in_a_row',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='attachment',
            name='job_id',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='attachment',
            name='kept_until',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='attachment',
            name='next_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='attachment',
            name='tried_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='attachment',
            name='tries',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='message',
            name='error',
            field=models.IntegerField(db_default=0, default=0),
        ),
        migrations.AlterField(
            model_name='attachment',
            name='state',
            field=models.CharField(choices=[('pending', 'in arrivo'), ('ready', 'pronto'), ('failed', 'non riuscito'), ('gone', 'non più conservato'), ('too_large', 'troppo grande')], default='pending', max_length=10),
        ),
        migrations.AddIndex(
            model_name='attachment',
            index=models.Index(condition=models.Q(('state', 'pending')), fields=['next_at'], name='desk_files_due'),
        ),
        migrations.AddIndex(
            model_name='attachment',
            index=models.Index(condition=models.Q(('state__in', ['failed', 'gone'])), fields=['kept_until'], name='desk_files_lost'),
        ),
    ]
