# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list of people is read along indexes, and names are found by any part of a word.

The database makes the parts of a name itself, in an index over an expression, whatever writes the name. The function uses none of our own:
indexes are built, and dumps restored, under an empty search path. Building takes some 40 µs a citizen, and locks their table
against writers meanwhile: ten seconds for 250,000.
"""

from __future__ import annotations

from django.db import migrations, models

# Each word without its accents and in small letters, and each of its endings of three letters or more: «esempio», «sempio»,
# «empio», … The beginning of an ending is a part of the word. Of a word of more than 20 letters the first 18 beginnings. The
# same folding as in core/folding.py.
_PARTS = r"""
CREATE FUNCTION audience_name_parts(text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT array_to_tsvector(array(
    SELECT substr(w, n)
    FROM regexp_split_to_table(lower(regexp_replace(regexp_replace(normalize($1, NFKD), '[\u0300-\u036f]', '', 'g'),
      '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f]+', ' ', 'g')), ' +') AS w,
      generate_series(1, greatest(least(length(w), 20) - 2, 1)) AS n
    WHERE w <> ''
  ))
$$;
CREATE INDEX audience_contact_parts ON audience_contact USING gin (audience_name_parts(name)) WHERE name <> '';
"""
_NO_PARTS = "DROP INDEX audience_contact_parts; DROP FUNCTION audience_name_parts(text);"


class Migration(migrations.Migration):
    dependencies = [("audience", "1032_ways_are_listed")]

    operations = [
        migrations.RunSQL(_PARTS, _NO_PARTS),
        migrations.AddIndex(
            model_name="subscription",
            index=models.Index(
                fields=["organization", "-since", "-id"],
                name="audience_sub_newest",
                condition=models.Q(active=True),
            ),
        ),
        migrations.AddIndex(
            model_name="subscription",
            index=models.Index(
                fields=["organization", "-ended_at", "-id"],
                name="audience_sub_left",
                condition=models.Q(active=False),
            ),
        ),
    ]
