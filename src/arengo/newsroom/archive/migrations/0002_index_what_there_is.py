# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Updates that there are can be found as well. Some thousands at most: one after the other."""

from __future__ import annotations

from typing import Any

from django.db import connection, migrations

from arengo.core.chat_text import to_plain
from arengo.core.folding import fold

_MOST = 20_000  # characters
_WRITE = """
INSERT INTO newsroom_archive_searchentry (organization_id, update_id, words)
VALUES (%s, %s, to_tsvector('pg_catalog.italian', %s)) ON CONFLICT DO NOTHING
"""


def index(apps: Any, _schema: Any) -> None:
    update, item = apps.get_model("newsroom", "Update"), apps.get_model("newsroom", "Item")
    with connection.cursor() as cursor:
        for each in update.unscoped.order_by("pk").iterator(chunk_size=500):
            items = item.unscoped.filter(update_id=each.pk).order_by("position").values_list("text", flat=True)
            said = "\n".join(to_plain(text) for text in (each.title, *items, each.image_alt) if text)
            cursor.execute(_WRITE, [each.organization_id, each.pk, fold(said[:_MOST])])


class Migration(migrations.Migration):
    dependencies = [("newsroom_archive", "0001_initial")]
    operations = [migrations.RunPython(index, migrations.RunPython.noop)]
