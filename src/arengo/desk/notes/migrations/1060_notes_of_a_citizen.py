# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""All notes about a citizen are found by an index: those in conversations too."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("desk_notes", "1050_searched")]

    operations = [
        migrations.AddIndex(
            model_name="note",
            index=models.Index(fields=["contact"], name="desk_note_contact"),
        ),
    ]
