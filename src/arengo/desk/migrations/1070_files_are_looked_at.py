# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A file may wait for the antivirus. No row is written."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("desk", "1030_contents_and_closings")]

    operations = [
        migrations.AlterField(
            "attachment",
            "cause",
            models.CharField(
                blank=True,
                choices=[
                    ("platform", "piattaforma"),
                    ("disk", "disco pieno"),
                    ("house", "errore di Arengo"),
                    ("picture", "anteprima"),
                    ("scan", "antivirus"),
                ],
                db_default="",
                default="",
                max_length=10,
            ),
        ),
    ]
