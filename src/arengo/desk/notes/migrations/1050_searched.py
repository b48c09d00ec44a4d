# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Notes can be searched, those that are there too: they are few."""

from __future__ import annotations

from django.db import migrations

from arengo.desk.notes.searching import NOTES
from arengo.desk.search import indexing


class Migration(migrations.Migration):
    dependencies = [("desk_notes", "1041_notes"), ("desk_search", "0002_what_there_is")]

    operations = [
        indexing.searched(
            "desk_notes_note",
            kind="note",
            select=NOTES,
            changed=["text", "conversation_id", "removed_at", "at"],
        ),
        migrations.RunSQL(
            indexing.filling("note", NOTES.replace("{rows}", "desk_notes_note")), migrations.RunSQL.noop
        ),
    ]
