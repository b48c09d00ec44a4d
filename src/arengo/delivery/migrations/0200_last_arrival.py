# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""When something last arrived is known to the sender's own room. Until now only intake knew it."""

import django.db.models.deletion
from django.db import migrations, models

COPY = "INSERT INTO delivery_lastarrival (sender_id, at) SELECT sender_id, received_at FROM intake_lastwebhook"


class Migration(migrations.Migration):
    dependencies = [("delivery", "0140_public_pages_are_watched"), ("intake", "0003_last_webhook")]

    operations = [
        migrations.CreateModel(
            name="LastArrival",
            fields=[
                (
                    "sender",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="delivery.sender",
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.RunSQL(COPY, migrations.RunSQL.noop),
    ]
