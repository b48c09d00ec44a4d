# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What began a timeline is called its cause."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("delivery", "0502_usual_platform")]

    operations = [migrations.RenameField("timeline", "sign", "cause")]
