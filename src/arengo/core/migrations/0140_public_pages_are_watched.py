# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The database says when what the public pages show has changed, whatever changed it: the pages in memory are dropped."""

from django.db import migrations

from arengo.core.watching import FUNCTION, NO_FUNCTION, watch


class Migration(migrations.Migration):
    dependencies = [("core", "0130_automatic_messages")]

    operations = [
        migrations.RunSQL(FUNCTION, NO_FUNCTION),
        watch("core_organization", organization="id"),
        watch("core_organizationhost"),
    ]
