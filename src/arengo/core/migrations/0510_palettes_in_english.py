# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Palettes are stored under English names, as every other value that code compares."""

from django.db import migrations, models

NAMES = {"bosco": "forest", "petrolio": "teal", "ardesia": "slate", "terra": "sienna", "viola": "violet"}


def _update(names: dict[str, str]) -> str:
    cases = " ".join(f"WHEN '{old}' THEN '{new}'" for old, new in names.items())
    old_ones = ", ".join(f"'{old}'" for old in names)
    return f"UPDATE core_organization SET palette = CASE palette {cases} END WHERE palette IN ({old_ones})"


class Migration(migrations.Migration):
    dependencies = [("core", "0501_platforms_are_named")]

    operations = [
        migrations.AlterField(
            model_name="organization",
            name="palette",
            field=models.CharField(
                choices=[
                    ("bordeaux", "Bordeaux"),
                    ("forest", "Verde bosco"),
                    ("teal", "Petrolio"),
                    ("slate", "Ardesia"),
                    ("sienna", "Terra di Siena"),
                    ("violet", "Viola"),
                ],
                default="teal",
                max_length=20,
                verbose_name="colori",
            ),
        ),
        migrations.RunSQL(_update(NAMES), _update({new: old for old, new in NAMES.items()})),
    ]
