# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('newsroom', '1430_updates_by_the_day_they_left'),
    ]

    operations = [
        migrations.AddField(
            model_name='item',
            name='rubric',
            field=models.CharField(blank=True, choices=[('event', 'Appuntamento'), ('use', 'Utilità')], db_default='', max_length=10),
        ),
    ]
