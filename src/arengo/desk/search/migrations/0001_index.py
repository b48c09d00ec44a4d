# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The index of the search, and the triggers that keep it.

Creating a trigger locks its table against writers (SHARE ROW EXCLUSIVE) for an instant; nothing is read or rewritten here.
"""

from __future__ import annotations

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models

from arengo.desk.search import indexing


class Migration(migrations.Migration):
    initial = True
    dependencies = [("desk", "1000_desks"), ("core", "0501_platforms_are_named")]

    operations = [
        migrations.RunSQL(indexing.FUNCTIONS, indexing.NO_FUNCTIONS),
        migrations.CreateModel(
            "SearchEntry",
            [
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("kind", models.CharField(max_length=12)),
                ("source", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("words", django.contrib.postgres.search.SearchVectorField()),
                (
                    "conversation",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="desk.conversation",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="core.organization",
                    ),
                ),
            ],
            options={
                "db_table": "desk_search_entry",
                "verbose_name": "voce della ricerca",
                "verbose_name_plural": "voci della ricerca",
                "abstract": False,
                "base_manager_name": "unscoped",
                "default_manager_name": "objects",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["words"], name="desk_search_words"),
                    models.Index(fields=["organization", "-at", "-id"], name="desk_search_recent"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "source"), name="desk_search_once")
                ],
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
                ("objects", django.db.models.manager.Manager()),
            ],
        ),
        indexing.searched(
            "desk_message",
            kind="message",
            select=indexing.MESSAGES,
            changed=["text", "conversation_id", "automatic", "command", "sent_at"],
        ),
        indexing.searched(
            "desk_attachment", kind="file", select=indexing.FILES, changed=["filename", "message_id"]
        ),
        indexing.searched(
            "desk_conversation", kind="name", select=indexing.NAMES, changed=["contact_id", "organization_id"]
        ),
        indexing.following(),
    ]
