# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is quoted and reacted to before it is here waits, and is bound when it comes; the latest message is the thread's."""

import django.db.models.deletion
import django.db.models.manager
import django.utils.timezone
from django.db import migrations, models

# desk_bind: what waits under this hash stands with this message. Returns the conversations whose screens changed.
# The trigger does it for our own messages, whichever statement writes the id that the platform gave them. In its WHEN the
# mailings fall out first: those rows are many, and no message of the desk is theirs.
BIND = """
CREATE FUNCTION desk_bind(the_sender bigint, the_hash bytea, the_message bigint) RETURNS SETOF bigint LANGUAGE sql AS $$
  WITH quoting AS (
    UPDATE desk_message SET reply_to_id = the_message, quoted_hash = NULL
    WHERE sender_id = the_sender AND quoted_hash = the_hash AND id <> the_message
    RETURNING conversation_id
  ), early AS (
    DELETE FROM desk_reaction WHERE sender_id = the_sender AND referred_hash = the_hash RETURNING emoji, sent_at
  ), reacted AS (
    UPDATE desk_message m SET citizen_reaction = early.emoji, citizen_reacted_at = early.sent_at FROM early
    WHERE m.id = the_message AND m.erased_at IS NULL
      AND (m.citizen_reacted_at IS NULL OR m.citizen_reacted_at <= early.sent_at)
    RETURNING m.conversation_id
  )
  SELECT conversation_id FROM quoting UNION SELECT conversation_id FROM reacted
$$;
CREATE FUNCTION desk_bind_ours() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  ours bigint;
  topics text[];
BEGIN
  IF NOT EXISTS (SELECT FROM desk_message WHERE sender_id = NEW.sender_id AND quoted_hash = NEW.message_hash)
    AND NOT EXISTS (SELECT FROM desk_reaction WHERE sender_id = NEW.sender_id AND referred_hash = NEW.message_hash) THEN
    RETURN NULL;
  END IF;
  SELECT id INTO ours FROM desk_message WHERE delivery_id = NEW.id;
  IF FOUND THEN
    SELECT array_agg('conversation:' || c) INTO topics FROM desk_bind(NEW.sender_id, NEW.message_hash, ours) AS c;
    IF topics IS NOT NULL THEN
      PERFORM arengo_announce(NEW.organization_id, topics);
    END IF;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER desk_bind_ours AFTER UPDATE ON delivery_delivery FOR EACH ROW
WHEN (NEW.fanout_id IS NULL AND NEW.message_hash IS NOT NULL AND NEW.message_hash IS DISTINCT FROM OLD.message_hash)
EXECUTE FUNCTION desk_bind_ours();
"""
BACK = """
DROP TRIGGER desk_bind_ours ON delivery_delivery;
DROP FUNCTION desk_bind_ours();
DROP FUNCTION desk_bind(bigint, bytea, bigint);
"""
LATEST = """
UPDATE desk_conversation c SET last_message_id = latest.id, last_message_at = latest.sent_at
FROM (
  SELECT DISTINCT ON (conversation_id) conversation_id, id, sent_at FROM desk_message
  ORDER BY conversation_id, sent_at DESC, id DESC
) AS latest
WHERE c.id = latest.conversation_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0090_files_on_their_way"),
        ("delivery", "0110_copies"),
        ("audience", "0020_personal_keys"),
        ("core", "0060_access_changes_are_announced"),
    ]

    operations = [
        migrations.AddField(
            model_name="message", name="quoted_hash", field=models.BinaryField(max_length=16, null=True)
        ),
        migrations.AddField(
            model_name="message",
            name="quoted_fanout",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="delivery.fanout",
            ),
        ),
        migrations.AddField(
            model_name="message", name="citizen_reacted_at", field=models.DateTimeField(null=True)
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("quoted_hash__isnull", False)),
                fields=["sender", "quoted_hash"],
                name="desk_quote_waits",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("quoted_hash__isnull", False)),
                fields=["received_at"],
                name="desk_quote_since",
            ),
        ),
        migrations.CreateModel(
            name="Reaction",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("referred_hash", models.BinaryField(max_length=16)),
                ("emoji", models.CharField(blank=True, max_length=40)),
                ("sent_at", models.DateTimeField()),
                ("received_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reactions",
                        to="audience.contact",
                    ),
                ),
                (
                    "fanout",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="delivery.fanout",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="core.organization",
                    ),
                ),
                (
                    "sender",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="delivery.sender",
                    ),
                ),
            ],
            options={
                "verbose_name": "reazione",
                "verbose_name_plural": "reazioni",
                "abstract": False,
                "base_manager_name": "unscoped",
                "default_manager_name": "objects",
                "indexes": [
                    models.Index(
                        condition=models.Q(("fanout__isnull", False)),
                        fields=["fanout"],
                        name="desk_reaction_fanout",
                    ),
                    models.Index(
                        condition=models.Q(("fanout__isnull", True)),
                        fields=["received_at"],
                        name="desk_reaction_waits",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("sender", "referred_hash"), name="desk_reaction_once")
                ],
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
                ("objects", django.db.models.manager.Manager()),
            ],
        ),
        migrations.RunSQL(BIND, BACK),
        migrations.RunSQL(LATEST, migrations.RunSQL.noop),
    ]
