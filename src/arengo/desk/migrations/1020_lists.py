# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the lists of the desk are sorted by: since when an answer of ours that did not go stands last, and an index for each list.

``undelivered_since`` follows from the last message, its delivery and its file. ``latest.py`` settles it where the last message
changes; here two triggers settle it where the platform's word does, whichever statement writes that. In the WHEN of the first
the mailings fall out at once: those rows are many, and no message of the desk is theirs.

Writes the open conversations whose last message did not go. Each index holds up writers of conversations while it is made.
"""

from __future__ import annotations

from django.db import migrations, models
from django.db.models.functions import Least

# 17 and 90: DeliveryState.UNKNOWN and FAILED.
_SETTLED = """
CREATE FUNCTION desk_undelivered(the_message bigint) RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT m.sent_at FROM desk_message m
  LEFT JOIN delivery_delivery d ON d.id = m.delivery_id
  LEFT JOIN desk_attachment a ON a.message_id = m.id
  WHERE m.id = the_message AND m.direction = 'out' AND (m.failure <> '' OR d.state IN (17, 90) OR a.state = 'failed')
$$;
CREATE FUNCTION desk_settle_undelivered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'delivery_delivery' THEN
    UPDATE desk_conversation c SET undelivered_since = desk_undelivered(m.id)
    FROM desk_message m WHERE m.delivery_id = NEW.id AND c.id = m.conversation_id AND c.last_message_id = m.id;
  ELSE
    UPDATE desk_conversation c SET undelivered_since = desk_undelivered(m.id)
    FROM desk_message m WHERE m.id = NEW.message_id AND c.id = m.conversation_id AND c.last_message_id = m.id;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER desk_settle_undelivered AFTER UPDATE ON delivery_delivery FOR EACH ROW
WHEN (NEW.fanout_id IS NULL AND NEW.state <> OLD.state AND (NEW.state IN (17, 90) OR OLD.state IN (17, 90)))
EXECUTE FUNCTION desk_settle_undelivered();
CREATE TRIGGER desk_settle_undelivered AFTER UPDATE ON desk_attachment FOR EACH ROW
WHEN (NEW.state <> OLD.state AND (NEW.state = 'failed' OR OLD.state = 'failed'))
EXECUTE FUNCTION desk_settle_undelivered();
UPDATE desk_conversation c SET undelivered_since = desk_undelivered(c.last_message_id)
FROM desk_message m
WHERE c.state = 'open' AND m.id = c.last_message_id AND m.direction = 'out' AND desk_undelivered(m.id) IS NOT NULL;
SET CONSTRAINTS ALL IMMEDIATE
"""
_BACK = """
DROP TRIGGER desk_settle_undelivered ON delivery_delivery;
DROP TRIGGER desk_settle_undelivered ON desk_attachment;
DROP FUNCTION desk_settle_undelivered();
DROP FUNCTION desk_undelivered(bigint)
"""
_WAITS = models.Q(waiting_since__isnull=False) | models.Q(undelivered_since__isnull=False)


class Migration(migrations.Migration):
    dependencies = [("desk", "1000_desks"), ("delivery", "0502_usual_platform")]

    operations = [
        migrations.AddField(
            "conversation", "undelivered_since", models.DateTimeField(blank=True, null=True)
        ),
        migrations.RunSQL(_SETTLED, _BACK),
        migrations.RemoveIndex("conversation", "desk_waiting"),
        migrations.RemoveIndex("conversation", "desk_open"),
        migrations.RemoveIndex("conversation", "desk_closed"),
        migrations.AddIndex(
            "conversation",
            models.Index(
                models.F("organization"),
                models.F("desk"),
                Least("waiting_since", "undelivered_since"),
                models.F("id"),
                name="desk_longest",
                condition=models.Q(state="open") & _WAITS,
            ),
        ),
        migrations.AddIndex(
            "conversation",
            models.Index(
                fields=["organization", "desk", "-last_message_at", "-id"],
                name="desk_waiting",
                condition=models.Q(state="open") & _WAITS,
            ),
        ),
        migrations.AddIndex(
            "conversation",
            models.Index(
                fields=["organization", "desk", "assignee", "-last_message_at", "-id"],
                name="desk_open",
                condition=models.Q(state="open"),
            ),
        ),
        migrations.AddIndex(
            "conversation",
            models.Index(
                fields=["organization", "desk", "-last_message_at", "-id"],
                name="desk_free",
                condition=models.Q(state="open", assignee=None),
            ),
        ),
        migrations.AddIndex(
            "conversation",
            models.Index(
                fields=["organization", "desk", "-last_message_at", "-id"],
                name="desk_answered",
                condition=models.Q(state="open", waiting_since=None, undelivered_since=None),
            ),
        ),
        migrations.AddIndex(
            "conversation",
            models.Index(
                fields=["organization", "desk", "-closed_at", "-id"],
                name="desk_closed",
                condition=models.Q(state="closed", closed_at__gt=models.F("opened_at")),
            ),
        ),
        migrations.AlterField(
            "assignment",
            "action",
            models.CharField(
                choices=[
                    ("took", "presa in carico"),
                    ("released", "rilasciata"),
                    ("assigned", "assegnata"),
                    ("closed", "chiusa"),
                    ("reopened", "riaperta"),
                    ("moved", "passata a un altro sportello"),
                ],
                max_length=10,
            ),
        ),
    ]
