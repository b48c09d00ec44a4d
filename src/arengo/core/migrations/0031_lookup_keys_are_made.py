# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes the lookup keys, committed before the migrations that hash what is there (delivery 0020, desk 0010)."""

from typing import Any

from django.db import migrations


def _make(apps: Any, schema_editor: Any) -> None:
    from arengo.core import lookup_keys

    lookup_keys.make(schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [("core", "0030_vault_rotation")]

    operations = [migrations.RunPython(_make, migrations.RunPython.noop)]
