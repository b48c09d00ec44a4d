# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Message ids hold phone numbers: hashed for all deliveries, and sealed for single messages."""

from typing import Any

from django.db import migrations, models

from arengo.core.vault import vault

_ROWS = 5000  # rows at once
_SOME = "SELECT id, message_id, fanout_id FROM delivery_delivery WHERE id > %s AND message_id <> '' ORDER BY id LIMIT %s"
_STORE = """
UPDATE delivery_delivery d SET message_hash = n.hash, message_sealed = n.sealed
FROM unnest(%s::bigint[], %s::bytea[], %s::bytea[]) AS n (id, hash, sealed) WHERE d.id = n.id
"""


def _hash(apps: Any, schema_editor: Any) -> None:
    after = 0
    with schema_editor.connection.cursor() as cursor:
        while True:
            cursor.execute(_SOME, [after, _ROWS])
            rows = cursor.fetchall()
            if not rows:
                break
            after = rows[-1][0]
            hashes = [vault().message_hash(message_id) for _pk, message_id, _fanout in rows]
            sealed = [
                vault().seal_text(message_id, purpose="message_id") if fanout is None else None
                for _pk, message_id, fanout in rows
            ]
            cursor.execute(_STORE, [[pk for pk, _id, _fanout in rows], hashes, sealed])


class Migration(migrations.Migration):
    dependencies = [("delivery", "0009_by_message_within_a_mailing"), ("core", "0031_lookup_keys_are_made")]

    operations = [
        migrations.RemoveIndex(model_name="delivery", name="delivery_by_name"),
        migrations.RemoveIndex(model_name="delivery", name="delivery_by_message"),
        migrations.AddField(
            model_name="delivery",
            name="message_hash",
            field=models.BinaryField(max_length=16, null=True),
        ),
        migrations.AddField(
            model_name="delivery",
            name="message_sealed",
            field=models.BinaryField(null=True),
        ),
        migrations.RunPython(_hash, migrations.RunPython.noop),
        migrations.RemoveField(model_name="delivery", name="message_id"),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                models.F("fanout"),
                models.Func(models.F("message_hash"), models.Value(1), models.Value(4), function="substring"),
                condition=models.Q(("fanout__isnull", False), ("message_hash__isnull", False)),
                name="delivery_by_hash",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("fanout__isnull", True), ("message_hash__isnull", False)),
                fields=["message_hash"],
                name="delivery_single_by_hash",
            ),
        ),
    ]
