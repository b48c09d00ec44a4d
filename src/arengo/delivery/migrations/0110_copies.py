# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A delivery that goes out again keeps the ids of its earlier copies; the database notes them, whichever statement sends it."""

import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models

TRIGGER = """
CREATE FUNCTION delivery_note_copy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.address_sealed = '' THEN  -- erased or forgotten: nothing names it any more
    DELETE FROM delivery_copy WHERE delivery_id = NEW.id;
  ELSE
    INSERT INTO delivery_copy (delivery_id, organization_id, sender_id, message_hash, at)
    VALUES (NEW.id, NEW.organization_id, NEW.sender_id, OLD.message_hash, now()) ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER delivery_copies AFTER UPDATE ON delivery_delivery FOR EACH ROW
WHEN (
  -- 15 uncertain, 17 unknown: it may have gone, under an id that nobody told us
  (NEW.state = 0 AND OLD.state IN (15, 17))
  OR (OLD.message_hash IS NOT NULL AND NEW.message_hash IS NULL)
  OR (NEW.address_sealed = '' AND OLD.address_sealed <> '')
) EXECUTE FUNCTION delivery_note_copy();
"""
BACK = """
DROP TRIGGER delivery_copies ON delivery_delivery;
DROP FUNCTION delivery_note_copy();
"""


class Migration(migrations.Migration):
    dependencies = [("delivery", "0080_timeline"), ("core", "0060_access_changes_are_announced")]

    operations = [
        migrations.CreateModel(
            name="Copy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("message_hash", models.BinaryField(max_length=16, null=True)),
                ("at", models.DateTimeField()),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="core.organization",
                    ),
                ),
                (
                    "sender",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="delivery.sender",
                    ),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="copies",
                        to="delivery.delivery",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "unscoped",
                "default_manager_name": "objects",
                "indexes": [
                    models.Index(
                        condition=models.Q(("message_hash__isnull", False)),
                        fields=["message_hash"],
                        name="delivery_copy_by_hash",
                    ),
                    models.Index(fields=["at"], name="delivery_copy_at"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("delivery", "message_hash"), name="delivery_copy_once")
                ],
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
                ("objects", django.db.models.manager.Manager()),
            ],
        ),
        migrations.RunSQL(TRIGGER, BACK),
        # What the plans of all statements found (tests/plans).
        migrations.AddField(
            model_name="sender", name="resumed_at", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddIndex(
            model_name="heard", index=models.Index(fields=["sender", "at"], name="delivery_heard_lately")
        ),
        migrations.AddIndex(
            model_name="inbound", index=models.Index(fields=["at"], name="delivery_inbound_at")
        ),
        migrations.AddIndex(
            model_name="secondtry", index=models.Index(fields=["at"], name="delivery_secondtry_at")
        ),
    ]
