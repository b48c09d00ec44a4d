# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Of their own transaction: PostgreSQL builds no index over rows that the same transaction changed."""

from __future__ import annotations

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("desk", "1310_what_grows_old")]

    operations = [
        migrations.AddIndex(
            "attachment",
            models.Index(
                fields=["organization", "created_at"],
                name="desk_files_aging",
                condition=~Q(file="") & ~Q(state="pending"),
            ),
        ),
        migrations.AddIndex(
            "message",
            models.Index(
                fields=["organization", "sent_at"],
                name="desk_message_aging",
                condition=Q(erased_at__isnull=True),
            ),
        ),
    ]
