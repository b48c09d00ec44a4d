# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Desks. The conversations that there are go to one desk an organization, «Sportello», which every operator sees: nothing changes for anybody.

Writes each conversation once.
"""

from __future__ import annotations

import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models

_ONE_DESK_EACH = """
INSERT INTO desk_desk (organization_id, name, slug)
SELECT DISTINCT organization_id, 'Sportello', 'sportello' FROM desk_conversation;
UPDATE desk_conversation c SET desk_id = d.id FROM desk_desk d WHERE d.organization_id = c.organization_id;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0501_platforms_are_named"),
        ("delivery", "0502_usual_platform"),
        ("desk", "0900_assignment_action"),
    ]

    operations = [
        migrations.CreateModel(
            "Desk",
            [
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("name", models.CharField(max_length=60, verbose_name="nome")),
                ("slug", models.SlugField(max_length=60, verbose_name="indirizzo")),
                ("order", models.PositiveSmallIntegerField(db_default=0, default=0)),
                ("active", models.BooleanField(db_default=True, default=True, verbose_name="in servizio")),
                (
                    "everyone",
                    models.BooleanField(
                        db_default=True, default=True, verbose_name="lo vedono tutti gli operatori"
                    ),
                ),
                ("members", models.ManyToManyField(blank=True, related_name="desks", to="core.membership")),
                (
                    "organization",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="core.organization",
                    ),
                ),
                ("senders", models.ManyToManyField(blank=True, related_name="desks", to="delivery.sender")),
            ],
            options={
                "verbose_name": "sportello",
                "verbose_name_plural": "sportelli",
                "ordering": ["order", "id"],
                "abstract": False,
                "base_manager_name": "unscoped",
                "default_manager_name": "objects",
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
                ("objects", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddConstraint(
            "desk", models.UniqueConstraint(fields=("organization", "slug"), name="desk_slug_once")
        ),
        migrations.AddField(
            "conversation",
            "desk",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="conversations",
                to="desk.desk",
            ),
        ),
        migrations.RunSQL(_ONE_DESK_EACH, migrations.RunSQL.noop),
        # The statements above leave checks of references behind, which the change of the table would find pending.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField(
            "conversation",
            "desk",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="conversations",
                to="desk.desk",
            ),
        ),
    ]
