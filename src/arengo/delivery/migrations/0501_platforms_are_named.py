# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The platform's name becomes a part of the hashes of recipients: made of the hashes that are there.

All of them are of ``whatsapp``, the only platform there was. A delivery without an address was forgotten: what stands there
is no hash of anybody. One statement a table: killed, nothing of it has changed. A million deliveries take a minute.
"""

from django.db import migrations

_NAMED = "sha256(convert_to('whatsapp', 'UTF8') || '\\x00'::bytea || address_hash)"
DELIVERIES = f"UPDATE delivery_delivery SET address_hash = {_NAMED} WHERE address_sealed <> ''"
REACHED = f"UPDATE delivery_reached SET address_hash = {_NAMED}"
HEARD = f"UPDATE delivery_heard SET address_hash = {_NAMED}"


class Migration(migrations.Migration):
    dependencies = [
        ("delivery", "0200_last_arrival"),
        ("core", "0501_platforms_are_named"),
    ]

    operations = [migrations.RunSQL(each) for each in (DELIVERIES, REACHED, HEARD)]
