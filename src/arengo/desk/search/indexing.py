# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""For migrations: triggers by which the database keeps the index of the search.

A capability whose texts can be searched says so with one :func:`searched` in a migration of its own, and registers its kind
(``kinds.py``). Inserts are indexed by one statement for all rows of a statement, whatever wrote them.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.migrations import RunSQL

# Without accents, in small letters, and with a blank for every sign that is neither letter nor digit: so "Carta_d'identità"
# and "carta d identita" are the same words, and no text holds a lexeme that begins with "#". Letters are told from signs by
# their code, since character classes depend on the locale of the cluster. Immutable: the answer depends on the text alone.
FUNCTIONS = r"""
CREATE FUNCTION desk_search_fold(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT lower(regexp_replace(regexp_replace(normalize(left($1, 20000), NFKD), '[\u0300-\u036f]', '', 'g'),
    '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f]+', ' ', 'g'))
$$;
"""
NO_FUNCTIONS = "DROP FUNCTION desk_search_fold(text);"

# Written out where it is used: a function with a subquery is not inlined, and its call costs more than the words do.
_STEMS = "to_tsvector('pg_catalog.italian', desk_search_fold(s.said))"
_BEGINNINGS = "array_to_tsvector(array(SELECT '#n/' || w FROM regexp_split_to_table(desk_search_fold(s.said), ' +') AS w WHERE w <> ''))"
_INSERT = """
INSERT INTO desk_search_entry (organization_id, kind, source, conversation_id, at, words)
SELECT c.organization_id, '{kind}', s.source, c.id, s.at, {words} || array_to_tsvector(ARRAY['#d' || c.desk_id, '#k{kind}'])
FROM ({select}) AS s JOIN desk_conversation c ON c.id = s.conversation
WHERE s.said <> ''
"""
_AGAIN = """
ON CONFLICT (kind, source) DO UPDATE SET organization_id = EXCLUDED.organization_id,
  conversation_id = EXCLUDED.conversation_id, at = EXCLUDED.at, words = EXCLUDED.words
"""


def _write(kind: str, select: str) -> str:
    return _INSERT.format(kind=kind, select=select, words=_BEGINNINGS if kind == "name" else _STEMS)


def _without_text(kind: str, select: str) -> str:
    return f"DELETE FROM desk_search_entry WHERE kind = '{kind}' AND source IN (SELECT s.source FROM ({select}) AS s WHERE s.said = '')"  # noqa: S608  # texts of migrations


def filling(kind: str, select: str) -> str:
    """The statement that indexes rows that are there already; what is indexed stays as it is."""
    return _write(kind, select) + " ON CONFLICT DO NOTHING"


def searched(table: str, *, kind: str, select: str, changed: Sequence[str]) -> RunSQL:
    """Rows of ``table`` can be searched from now on; those that there are need :func:`filling`, in batches.

    ``select``: of ``{rows}``, the table or a part of it, the columns ``source`` (its id), ``conversation``, ``at``, ``said``
    (the text; '' where there is nothing to find). ``changed``: an update of one of these columns makes the entry anew.
    """
    which = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in changed)
    one = select.replace("{rows}", f"(SELECT * FROM {table} WHERE id = NEW.id)")  # noqa: S608  # texts of migrations
    many = select.replace("{rows}", "added")
    name = f"{table}_searched"
    return RunSQL(
        # Texts of migrations, none of anybody's.
        f"""
CREATE FUNCTION {name}_added() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  {_write(kind, many)} ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE FUNCTION {name}_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  {_without_text(kind, one)};
  {_write(kind, one)} {_AGAIN};
  RETURN NULL;
END $$;
CREATE FUNCTION {name}_gone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  DELETE FROM desk_search_entry e USING gone WHERE e.kind = '{kind}' AND e.source = gone.id;
  RETURN NULL;
END $$;
CREATE TRIGGER {name}_added AFTER INSERT ON {table} REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION {name}_added();
CREATE TRIGGER {name}_changed AFTER UPDATE OF {", ".join(changed)} ON {table}
  FOR EACH ROW WHEN ({which}) EXECUTE FUNCTION {name}_changed();
CREATE TRIGGER {name}_gone AFTER DELETE ON {table} REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION {name}_gone();
""",  # noqa: S608  # texts of migrations
        f"""
DROP TRIGGER {name}_added ON {table};
DROP TRIGGER {name}_changed ON {table};
DROP TRIGGER {name}_gone ON {table};
DROP FUNCTION {name}_added();
DROP FUNCTION {name}_changed();
DROP FUNCTION {name}_gone();
""",
    )


MESSAGES = (
    "SELECT m.id AS source, m.conversation_id AS conversation, m.sent_at AS at, "
    "CASE WHEN m.automatic = '' AND m.command = '' THEN m.text ELSE '' END AS said FROM {rows} AS m"
)
FILES = (
    "SELECT a.id AS source, m.conversation_id AS conversation, m.sent_at AS at, a.filename AS said "
    "FROM {rows} AS a JOIN desk_message m ON m.id = a.message_id"
)
NAMES = (
    "SELECT c.id AS source, c.id AS conversation, c.opened_at AS at, p.name AS said "
    "FROM {rows} AS c JOIN audience_contact p ON p.id = c.contact_id"
)

# What changes the entries of a conversation without changing their own rows: another name, another desk; and the files of
# messages that go over to another conversation with it.
_FOLLOWING = """
CREATE FUNCTION audience_contact_searched() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  {without_name};
  {write_name} {again};
  RETURN NULL;
END $$;
CREATE TRIGGER audience_contact_searched AFTER UPDATE OF name ON audience_contact
  FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION audience_contact_searched();
CREATE FUNCTION desk_conversation_moved() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  UPDATE desk_search_entry
  SET words = ts_delete(words, '#d' || OLD.desk_id) || array_to_tsvector(ARRAY['#d' || NEW.desk_id])
  WHERE conversation_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER desk_conversation_moved AFTER UPDATE OF desk_id ON desk_conversation
  FOR EACH ROW WHEN (OLD.desk_id IS DISTINCT FROM NEW.desk_id) EXECUTE FUNCTION desk_conversation_moved();
CREATE FUNCTION desk_message_file_moved() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  {write_file} {again};
  RETURN NULL;
END $$;
CREATE TRIGGER desk_message_file_moved AFTER UPDATE OF conversation_id ON desk_message
  FOR EACH ROW WHEN (OLD.conversation_id IS DISTINCT FROM NEW.conversation_id) EXECUTE FUNCTION desk_message_file_moved();
"""
_NO_FOLLOWING = """
DROP TRIGGER audience_contact_searched ON audience_contact;
DROP TRIGGER desk_conversation_moved ON desk_conversation;
DROP TRIGGER desk_message_file_moved ON desk_message;
DROP FUNCTION audience_contact_searched();
DROP FUNCTION desk_conversation_moved();
DROP FUNCTION desk_message_file_moved();
"""


def following() -> RunSQL:
    """Entries follow the name of their citizen and the desk of their conversation."""
    named = NAMES.replace("{rows}", "(SELECT * FROM desk_conversation WHERE contact_id = NEW.id)")
    filed = FILES.replace("{rows}", "(SELECT * FROM desk_attachment WHERE message_id = NEW.id)")
    return RunSQL(
        _FOLLOWING.format(
            without_name=_without_text("name", named),
            write_name=_write("name", named),
            write_file=_write("file", filed),
            again=_AGAIN,
        ),
        _NO_FOLLOWING,
    )
