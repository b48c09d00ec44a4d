# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lookup keys in the database; what only grows may be sealed again, and nothing else of it changes."""

import django.contrib.postgres.fields
from django.db import migrations, models

# True when a session that said so (SET LOCAL arengo.resealing = 'on') changes a row only in what the vault made, and
# leaves each such column filled that was filled, and empty that was empty.
RESEALED = """
CREATE FUNCTION arengo_resealed(before jsonb, after jsonb) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT coalesce(current_setting('arengo.resealing', true), '') = 'on'
    AND (SELECT jsonb_object_agg(key, CASE WHEN key ~ '_(sealed|hash)$' THEN to_jsonb(value IN ('null', '"\\\\x"')) ELSE value END)
         FROM jsonb_each(before))
      = (SELECT jsonb_object_agg(key, CASE WHEN key ~ '_(sealed|hash)$' THEN to_jsonb(value IN ('null', '"\\\\x"')) ELSE value END)
         FROM jsonb_each(after))
$$;
CREATE OR REPLACE FUNCTION arengo_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND TG_LEVEL = 'ROW' THEN
    IF arengo_resealed(to_jsonb(OLD), to_jsonb(NEW)) THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'The table % is append-only.', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
"""

RESEALED_BACK = """
CREATE OR REPLACE FUNCTION arengo_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The table % is append-only.', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
DROP FUNCTION arengo_resealed(jsonb, jsonb);
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0010_accounts")]

    operations = [
        migrations.CreateModel(
            name="LookupKeys",
            fields=[
                (
                    "id",
                    models.SmallIntegerField(default=1, editable=False, primary_key=True, serialize=False),
                ),
                ("keys_sealed", models.BinaryField()),
                (
                    "known_to",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=32), size=None
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="core_lookupkeys_once")
                ]
            },
        ),
        migrations.RunSQL(RESEALED, RESEALED_BACK),
    ]
