# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("desk", "0140_references_of_one_person")]

    operations = [
        migrations.AddField(
            model_name="conversation",
            name="incoming_count",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
    ]
