# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files that wait for the antivirus are found at once: every page of an administrator asks."""

from __future__ import annotations

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("desk", "1070_files_are_looked_at")]

    operations = [
        migrations.AddIndex(
            "attachment",
            models.Index(
                fields=["organization", "id"],
                name="desk_files_unscanned",
                condition=Q(state="pending", cause="scan"),
            ),
        ),
    ]
