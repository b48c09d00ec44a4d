# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Message ids hold phone numbers: sealed, and found by their hash."""

from typing import Any

from django.db import migrations, models

from arengo.core.vault import vault

_ROWS = 5000  # rows at once
_SOME = "SELECT id, platform_message_id FROM desk_message WHERE id > %s AND platform_message_id <> '' ORDER BY id LIMIT %s"
_STORE = """
UPDATE desk_message m SET platform_message_hash = n.hash, platform_message_sealed = n.sealed
FROM unnest(%s::bigint[], %s::bytea[], %s::bytea[]) AS n (id, hash, sealed) WHERE m.id = n.id
"""


def _seal(apps: Any, schema_editor: Any) -> None:
    after = 0
    with schema_editor.connection.cursor() as cursor:
        while True:
            cursor.execute(_SOME, [after, _ROWS])
            rows = cursor.fetchall()
            if not rows:
                break
            after = rows[-1][0]
            hashes = [vault().message_hash(message_id) for _pk, message_id in rows]
            sealed = [vault().seal_text(message_id, purpose="message_id") for _pk, message_id in rows]
            cursor.execute(_STORE, [[pk for pk, _id in rows], hashes, sealed])


class Migration(migrations.Migration):
    dependencies = [("desk", "0001_initial"), ("core", "0031_lookup_keys_are_made")]

    operations = [
        migrations.RemoveConstraint(model_name="message", name="desk_message_once"),
        migrations.AddField(
            model_name="message",
            name="platform_message_hash",
            field=models.BinaryField(max_length=16, null=True),
        ),
        migrations.AddField(
            model_name="message",
            name="platform_message_sealed",
            field=models.BinaryField(null=True),
        ),
        migrations.RunPython(_seal, migrations.RunPython.noop),
        migrations.RemoveField(model_name="message", name="platform_message_id"),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(
                condition=models.Q(("platform_message_hash__isnull", False)),
                fields=("sender", "platform_message_hash"),
                name="desk_message_once",
            ),
        ),
    ]
