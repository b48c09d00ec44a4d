# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("desk", "0010_message_ids_sealed")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="time_of_receipt",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
