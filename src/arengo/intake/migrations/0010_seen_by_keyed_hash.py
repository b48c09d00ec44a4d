# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was seen is remembered by a keyed hash. Hashes without a key cannot be turned into it and go: the desk and the
consents know what they have by hashes of their own.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("intake", "0003_last_webhook")]

    operations = [migrations.RunSQL("DELETE FROM intake_seen", migrations.RunSQL.noop)]
