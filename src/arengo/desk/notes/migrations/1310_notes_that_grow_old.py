# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Notes of conversations whose time is over are found along an index. Organizations that exist have a month before any goes."""

from __future__ import annotations

from django.db import migrations, models
from django.db.models import Q

from arengo.core.retention.introducing import for_who_was_there


class Migration(migrations.Migration):
    dependencies = [("desk_notes", "1060_notes_of_a_citizen"), ("core_retention", "0001_initial")]

    operations = [
        migrations.AddIndex(
            "note",
            models.Index(
                fields=["organization", "at"], name="desk_note_aging", condition=Q(on_person=False)
            ),
        ),
        migrations.RunPython(
            for_who_was_there("desk.notes", days=365, most=3650), migrations.RunPython.noop
        ),
    ]
