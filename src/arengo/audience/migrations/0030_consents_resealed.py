# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A consent may be sealed again under a new vault key (core 0030); all else that it says stands, as before."""

from django.db import migrations

STANDS = """
CREATE OR REPLACE FUNCTION arengo_consent_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.identity_id IS NOT NULL
     AND to_jsonb(NEW) - 'identity_id' = to_jsonb(OLD) - 'identity_id' THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    IF arengo_resealed(to_jsonb(OLD), to_jsonb(NEW)) THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'The table % is append-only.', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
"""

STANDS_BACK = """
CREATE OR REPLACE FUNCTION arengo_consent_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.identity_id IS NOT NULL
     AND to_jsonb(NEW) - 'identity_id' = to_jsonb(OLD) - 'identity_id' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'The table % is append-only.', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("audience", "0004_guards"), ("core", "0030_vault_rotation")]

    operations = [migrations.RunSQL(STANDS, STANDS_BACK)]
