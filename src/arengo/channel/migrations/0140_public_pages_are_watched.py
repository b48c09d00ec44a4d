# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.db import migrations

from arengo.core.watching import watch


class Migration(migrations.Migration):
    dependencies = [("core", "0140_public_pages_are_watched"), ("channel", "0050_pictures_are_files")]

    operations = [watch("channel_channel"), watch("channel_post")]
