# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is to be followed up is a list of the desk, by day: its index ends with the conversation, as the list does."""

from __future__ import annotations

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("desk_follow_ups", "1042_follow_ups")]

    operations = [
        migrations.RemoveIndex("followup", "desk_follow_up_open"),
        migrations.AddIndex(
            "followup",
            models.Index(
                fields=["organization", "day", "conversation"],
                name="desk_follow_up_due",
                condition=Q(done_at__isnull=True),
            ),
        ),
    ]
