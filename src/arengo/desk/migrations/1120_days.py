# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Figures read one day of messages and closings along an index each."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("desk", "1090_files_that_wait_for_the_antivirus")]

    operations = [
        migrations.AddIndex(
            "message", models.Index(fields=["organization", "sent_at"], name="desk_message_days")
        ),
        migrations.AddIndex(
            "assignment",
            models.Index(
                fields=["organization", "at"],
                name="desk_closings",
                condition=models.Q(action="closed"),
            ),
        ),
    ]
