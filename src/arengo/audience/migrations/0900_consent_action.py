# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""``deed`` is called ``action``: the name in the catalogue changes, no row is written."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("audience", "0501_platforms_are_named")]

    operations = [migrations.RenameField("consent", "deed", "action")]
