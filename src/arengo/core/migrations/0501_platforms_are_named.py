# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where in the chain of lookup keys the platform's name comes in: behind those that made the hashes that are there.

The rows are made over by audience 0501 and delivery 0501. No key is needed: a sealed value is 2 bytes, the id of its key, 12
bytes of nonce, the keys of 32 bytes each, and 16 bytes of tag, so that its length tells how many there are.
"""

from typing import Any

from django.db import migrations, models

COUNT = """
UPDATE core_lookupkeys SET named_after = (octet_length(keys_sealed) - 30 - get_byte(keys_sealed, 1)) / 32
"""


def _forget(apps: Any, schema_editor: Any) -> None:
    from arengo.core import vault

    vault.forget()  # this process may have looked for somebody in an earlier migration


class Migration(migrations.Migration):
    dependencies = [("core", "0140_public_pages_are_watched")]

    operations = [
        migrations.AddField(
            model_name="lookupkeys",
            name="named_after",
            field=models.SmallIntegerField(db_default=1, editable=False),
        ),
        migrations.RunSQL(COUNT, migrations.RunSQL.noop),
        migrations.RunPython(_forget, migrations.RunPython.noop),
    ]
