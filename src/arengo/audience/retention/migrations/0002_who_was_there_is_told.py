# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who left the list stayed for ever until now: organizations that exist have a month to see it before anybody is forgotten."""

from __future__ import annotations

from django.db import migrations

from arengo.core.retention.introducing import for_who_was_there


class Migration(migrations.Migration):
    dependencies = [("audience_retention", "0001_initial"), ("core_retention", "0001_initial")]

    operations = [
        migrations.RunPython(
            for_who_was_there("audience.left", days=730, most=3650), migrations.RunPython.noop
        )
    ]
