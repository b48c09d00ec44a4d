# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from django.db import migrations

# As in migration 0110, and what waits is bound to a message of its own person only.
BIND = """
CREATE OR REPLACE FUNCTION desk_bind(the_sender bigint, the_hash bytea, the_message bigint) RETURNS SETOF bigint
LANGUAGE sql AS $$
  WITH known AS (
    SELECT c.contact_id FROM desk_message m JOIN desk_conversation c ON c.id = m.conversation_id WHERE m.id = the_message
  ), quoting AS (
    UPDATE desk_message m SET quoted_hash = NULL,
      reply_to_id = CASE WHEN c.contact_id = known.contact_id THEN the_message END
    FROM desk_conversation c, known
    WHERE m.sender_id = the_sender AND m.quoted_hash = the_hash AND m.id <> the_message AND c.id = m.conversation_id
    RETURNING m.conversation_id
  ), early AS (
    DELETE FROM desk_reaction WHERE sender_id = the_sender AND referred_hash = the_hash
    RETURNING contact_id, emoji, sent_at
  ), reacted AS (
    UPDATE desk_message m SET citizen_reaction = early.emoji, citizen_reacted_at = early.sent_at
    FROM early JOIN known USING (contact_id)
    WHERE m.id = the_message AND m.erased_at IS NULL
      AND (m.citizen_reacted_at IS NULL OR m.citizen_reacted_at <= early.sent_at)
    RETURNING m.conversation_id
  )
  SELECT conversation_id FROM quoting UNION SELECT conversation_id FROM reacted
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("desk", "0130_automatic_kinds")]

    operations = [migrations.RunSQL(BIND, migrations.RunSQL.noop)]
