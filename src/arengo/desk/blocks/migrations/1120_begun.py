# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Figures read the blocks that began on one day along an index."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("desk_blocks", "1060_blocks")]

    operations = [
        migrations.AddIndex(
            "block",
            models.Index(
                fields=["organization", "begins_at"],
                name="desk_block_begun",
                condition=models.Q(begins_at__isnull=False),
            ),
        ),
    ]
