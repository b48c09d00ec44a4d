# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a person decided of a file stays when its rows are checked anew."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audience_imports", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="import",
            name="by_hand_sealed",
            field=models.BinaryField(null=True),
        ),
    ]
