# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from django.db import migrations

from arengo.core.watching import watch


class Migration(migrations.Migration):
    dependencies = [("core", "0140_public_pages_are_watched"), ("delivery", "0110_copies")]

    # Only what the site shows of a number: the worker changes the other columns all the time.
    operations = [watch("delivery_sender", "platform", "state", "display_phone")]
