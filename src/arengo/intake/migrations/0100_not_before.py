# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0040_scrub")]

    operations = [
        migrations.AddField(
            model_name="journal", name="not_before", field=models.DateTimeField(null=True)
        ),
    ]
