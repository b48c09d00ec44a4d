# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('newsroom', '1410_content'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='update',
            index=models.Index(fields=['organization', '-sent_at', '-id'], name='newsroom_update_sent'),
        ),
    ]
