# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Messages and files whose time is over are found along an index each; a file knows since when it is here.

They stayed for ever until now: organizations that exist have a month to see it before anything goes.
"""

from __future__ import annotations

from django.db import migrations, models
from django.db.models.functions import Now
from django.utils import timezone

from arengo.core.retention.introducing import for_who_was_there

_SINCE = "UPDATE desk_attachment a SET created_at = m.received_at FROM desk_message m WHERE m.id = a.message_id"


class Migration(migrations.Migration):
    dependencies = [("desk", "1120_days"), ("core_retention", "0001_initial")]

    operations = [
        migrations.AddField(
            "attachment", "created_at", models.DateTimeField(default=timezone.now, db_default=Now())
        ),
        migrations.RunSQL(_SINCE, migrations.RunSQL.noop),
        migrations.AlterField(
            "attachment",
            "cause",
            models.CharField(
                blank=True,
                choices=[
                    ("platform", "piattaforma"),
                    ("disk", "disco pieno"),
                    ("house", "errore di Arengo"),
                    ("picture", "anteprima"),
                    ("scan", "antivirus"),
                    ("age", "età"),
                ],
                db_default="",
                default="",
                max_length=10,
            ),
        ),
        migrations.RunPython(
            for_who_was_there("desk.messages", days=365, most=3650), migrations.RunPython.noop
        ),
        migrations.RunPython(for_who_was_there("desk.files", days=90, most=3650), migrations.RunPython.noop),
    ]
