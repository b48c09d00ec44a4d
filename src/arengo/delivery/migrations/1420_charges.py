# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was paid for, counted by day and category. What receipts told until now is counted from the deliveries, once."""

from decimal import Decimal

import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models

_COUNT = """
INSERT INTO delivery_charge (organization_id, sender_id, fanout_id, day, category, billable, count)
SELECT d.organization_id, d.sender_id, d.fanout_id, (d.delivered_at AT TIME ZONE o.time_zone)::date, d.price_category, d.billable, count(*)
FROM delivery_delivery d JOIN core_organization o ON o.id = d.organization_id
WHERE d.delivered_at IS NOT NULL AND d.billable IS NOT NULL
GROUP BY 1, 2, 3, 4, 5, 6
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0510_palettes_in_english"), ("delivery", "0510_cause_of_a_timeline")]

    operations = [
        migrations.AlterField("price", "currency", models.CharField(default="EUR", max_length=3)),
        migrations.CreateModel(
            name="Charge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("category", models.CharField(max_length=30)),
                ("billable", models.BooleanField()),
                ("count", models.IntegerField()),
                ("fanout", models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name="charges", to="delivery.fanout")),
                ("organization", models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="core.organization")),
                ("sender", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="delivery.sender")),
            ],
            options={
                "abstract": False, "base_manager_name": "unscoped", "default_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["organization", "day"], name="delivery_charge_days"),
                    models.Index(fields=["sender", "day"], name="delivery_charge_of_sender"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("sender", "fanout", "day", "category", "billable"), name="delivery_charge_once", nulls_distinct=False),
                ],
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
                ("objects", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Budget",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=10, verbose_name="al mese, al massimo")),
                ("currency", models.CharField(default="EUR", max_length=3)),
                ("beyond", models.CharField(choices=[("warns", "avvisa chi invia"), ("stops", "ferma gli invii fino al mese dopo")], default="warns", max_length=10)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("organization", models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="core.organization")),
            ],
            options={
                "verbose_name": "limite di spesa", "verbose_name_plural": "limiti di spesa",
                "abstract": False, "base_manager_name": "unscoped", "default_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("organization",), name="delivery_budget_once"),
                    models.CheckConstraint(condition=models.Q(amount__gte=Decimal(0)), name="delivery_budget_positive"),
                ],
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
                ("objects", django.db.models.manager.Manager()),
            ],
        ),
        migrations.RunSQL(_COUNT, migrations.RunSQL.noop),
    ]
