# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.db import migrations

from arengo.core.watching import watch


class Migration(migrations.Migration):
    dependencies = [("core", "0140_public_pages_are_watched"), ("audience", "0130_answers_are_switched_on")]

    operations = [watch("audience_policy"), watch("audience_listsettings")]
