# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The platform's name becomes a part of the hashes by which people are found: made of the hashes that are there.

All of them are of ``whatsapp``, the only platform there was. One statement a table: killed, nothing of it has changed.
"""

from django.db import migrations, models

IDENTITIES = """
UPDATE audience_identity SET
  phone_hash = sha256(convert_to('whatsapp', 'UTF8') || '\\x00'::bytea || phone_hash),
  user_id_hash = sha256(convert_to('whatsapp', 'UTF8') || '\\x00'::bytea || user_id_hash)
"""
FORMER = """
UPDATE audience_formeraddress
SET user_id_hash = sha256(convert_to('whatsapp', 'UTF8') || '\\x00'::bytea || user_id_hash)
WHERE user_id_hash IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("audience", "0160_edits_of_one_person"), ("core", "0501_platforms_are_named")]

    operations = [
        migrations.AddField(
            model_name="formeraddress",
            name="platform",
            field=models.CharField(max_length=20, default="whatsapp"),
            preserve_default=False,
        ),
        migrations.RunSQL(IDENTITIES),
        migrations.RunSQL(FORMER),
    ]
