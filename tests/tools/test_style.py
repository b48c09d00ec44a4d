# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The figures of the code's shape: what is counted, and that a figure above its ceiling fails."""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path

import pytest

from tools import circles, sql_in_python, style


def of(source: str) -> dict[str, style.Function]:
    """The functions of a text, by name."""
    return {
        each.where.rpartition(" ")[2]: each for each in style.functions(ast.parse(source), "room/module.py")
    }


def figure(found: list[style.Figure], name: str) -> style.Figure:
    [one] = [each for each in found if each.name.startswith(name)]
    return one


def test_a_helper_that_is_called_once_is_counted() -> None:
    found = of("def verb():\n    return _part()\n\n\ndef _part():\n    return 1\n")
    assert found["_part"].is_used_once
    assert not found["verb"].is_used_once


def test_a_method_that_is_called_once_is_counted() -> None:
    found = of("class A:\n    def verb(self):\n        self._part()\n\n    def _part(self):\n        pass\n")
    assert found["_part"].is_used_once


@pytest.mark.parametrize(
    "source",
    [
        "def verb():\n    return _part() + _part()\n\n\ndef _part():\n    return 1\n",
        "def verb():\n    return map(_part, [])\n\n\ndef _part(x):\n    return 1\n",  # handed on, not called
        "def verb():\n    return _part()\n\n\n@cache\ndef _part():\n    return 1\n",
        "def _part():\n    return 1\n",
    ],
)
def test_what_is_called_twice_handed_on_or_decorated_is_no_helper_called_once(source: str) -> None:
    assert not of(source)["_part"].is_used_once


def test_lengths_and_return_types_are_those_of_the_function() -> None:
    found = of("@one\n@two\ndef f(x) -> int:\n    a = 1\n\n    return a\n\nasync def g():\n    pass\n")
    assert (found["f"].lines, found["f"].is_typed) == (4, True)
    assert (found["g"].lines, found["g"].is_typed) == (2, False)


@pytest.mark.parametrize(("share", "wanted"), [(0.5, 50), (0.95, 95), (0.99, 99), (1, 100)])
def test_percentiles_are_of_the_nearest_rank(share: float, wanted: int) -> None:
    assert style.percentile(range(1, 101), share) == wanted


def test_the_percentile_of_nothing_is_nothing() -> None:
    assert style.percentile([], 0.99) == 0


@pytest.mark.parametrize(
    "line",
    [
        "Who wrote last stands first.",
        "whom somebody excluded by hand",
        "It is for whoever runs the installation.",
        "Messages come in. Who wrote them is known.",
        "It says when, and to whom",
        "The person to write to, and who",
    ],
)
def test_a_line_that_hangs_on_who_is_found(line: str) -> None:
    assert style.hangs_on_who(line)


@pytest.mark.parametrize(
    "line",
    [
        "The people who wrote in the last day.",
        "Who may see it?",
        "The whole list.",
        "An operator whose session is over.",
    ],
)
def test_a_line_with_its_subject_first_is_not_found(line: str) -> None:
    assert not style.hangs_on_who(line)


def test_only_docstrings_are_read_for_words() -> None:
    tree = ast.parse('"""Module.\n\nWho reads it.\n"""\nx = "Who is no docstring"\n# Who is a comment\n')
    assert [line for _number, line in style.docstring_lines(tree) if style.hangs_on_who(line)] == [
        "Who reads it."
    ]


def test_places_of_docstring_lines_are_those_of_the_file() -> None:
    tree = ast.parse('def f():\n    """One.\n\n    Two.\n    """\n')
    assert list(style.docstring_lines(tree)) == [(2, "One."), (3, ""), (4, "Two."), (5, "")]


# --- circles ------------------------------------------------------------------------------------------------------


def room(tmp_path: Path, **files: str) -> Path:
    """A package ``room`` with these modules; ``d_face`` and ``d_inner`` are the face and a module of the package ``d``."""
    places = {"d_face": "d/__init__.py", "d_inner": "d/inner.py"}
    for name, text in {"__init__": "", **files}.items():
        path = tmp_path / "room" / places.get(name, f"{name}.py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("from room import b", "from room import a"),
        ("import room.b", "from room.a import x"),
        ("from . import b", "from .a import x"),
        ("def f():\n    from room.b import x", "from room.a import f"),
        (
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from room.b import x",
            "from room.a import y",
        ),
    ],
)
def test_a_circle_inside_a_room_is_found(tmp_path: Path, one: str, other: str) -> None:
    assert circles.circles(circles.imports(room(tmp_path, a=one, b=other))) == [["room.a", "room.b"]]


def test_a_circle_through_others_and_through_a_package_is_found(tmp_path: Path) -> None:
    source = room(
        tmp_path,
        a="from room.b import x",
        b="from room.c import x",
        c="from room.a import x",
        d_face="from room.d.inner import x",
        d_inner="from room.d import y",
    )
    assert circles.circles(circles.imports(source)) == [
        ["room.a", "room.b", "room.c"],
        ["room.d", "room.d.inner"],
    ]


def test_imports_that_go_down_only_are_no_circle(tmp_path: Path) -> None:
    source = room(tmp_path, a="from room import b, c", b="from room import c", c="import room.absent")
    assert circles.circles(circles.imports(source)) == []


def test_two_circles_that_meet_nowhere_are_two(tmp_path: Path) -> None:
    source = room(
        tmp_path, a="import room.b", b="import room.a\nimport room.c", c="import room.d", d="import room.c"
    )
    assert circles.circles(circles.imports(source)) == [["room.a", "room.b"], ["room.c", "room.d"]]


# --- SQL ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        'SQL = "SELECT m.id FROM desk_message m JOIN desk_conversation c ON true"',
        'SQL = f"SELECT x FROM desk_message {more} WHERE EXISTS (SELECT FROM core_person)"',
        'SQL = "SELECT x FROM desk_message " + "JOIN core_person USING (id)"',
        'MORE = "JOIN core_person p ON true"\nSQL = f"SELECT x FROM desk_message {MORE}"',
        'SQL = "DELETE FROM desk_message USING core_person p"',
        'SQL = "UPDATE desk_message m SET a = 1 FROM core_person p"',
        'SQL = "SELECT l.pid FROM pg_locks l WHERE l.database = (SELECT oid FROM pg_database)"',
        'SQL = "SELECT 1 FROM core_person p, core_membership m"',
        'def f(cursor):\n    cursor.execute("WITH a AS (SELECT 1) INSERT INTO core_a SELECT FROM core_b")',
    ],
)
def test_sql_over_several_tables_is_found_in_python(tmp_path: Path, source: str) -> None:
    (tmp_path / "module.py").write_text(source)
    assert sql_in_python.over_several_tables(tmp_path)


@pytest.mark.parametrize(
    "source",
    [
        '"""SELECT m.id FROM desk_message m JOIN core_person p."""',
        'SQL = "WITH some_rows AS (SELECT 1 FROM desk_message) SELECT FROM some_rows"',
        'SQL = "DELETE FROM core_attempt WHERE key IN (SELECT key FROM core_attempt LIMIT 1)"',
        'SQL = "SELECT * FROM generate_series(1, 2) JOIN core_person ON true"',
        'SQL = "UPDATE core_person SET a = 1 WHERE b IS DISTINCT FROM excluded.last_b"',
    ],
)
def test_sql_over_one_table_may_stand_in_python(tmp_path: Path, source: str) -> None:
    (tmp_path / "module.py").write_text(source)
    assert not sql_in_python.over_several_tables(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT FROM delivery_outbox o WHERE o.state = 0",
        "UPDATE delivery_outbox SET state = 10",
        "SELECT FROM delivery_outbox WHERE state IN (0, 5)",
        "SELECT FROM delivery_delivery d WHERE d.state BETWEEN 20 AND 90",
        "SELECT FROM delivery_sender WHERE state='active'",
        "d.fanout_id IS NULL AND d.state >= 90",
        "SELECT FROM step WHERE old_state <> 17",
        "SELECT FROM procrastinate_jobs j WHERE j.status = 'failed'",
    ],
)
def test_a_state_that_is_written_out_is_found_in_files_and_in_python(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.sql").write_text(text)
    (tmp_path / "a.py").write_text(f'SQL = "{text}"')
    assert len(sql_in_python.with_states(tmp_path)) == 2


def test_a_state_by_its_name_is_as_it_should_be(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_text(
        "-- state = 0\nSELECT FROM a WHERE state = {{ OutboxState.READY }} AND state = %(state)s"
    )
    assert not sql_in_python.with_states(tmp_path)


def test_what_is_executed_by_name_of_a_file_does_not_count() -> None:
    source = 'SQL = "SELECT 1"\ndef f(c):\n    c.execute(SQL)\n    c.execute("SELECT 2")\n    c.execute(statement("claim"))\n'
    assert sql_in_python.executed(ast.parse(source)) == [3, 4]


# --- commits, and the table ---------------------------------------------------------------------------------------


def test_without_a_history_commits_are_not_measured(tmp_path: Path) -> None:
    assert style.subjects(tmp_path) is None
    assert not [each for each in style.figures(tmp_path, None) if "subject" in each.name]


def test_subjects_are_those_of_the_last_commits(tmp_path: Path) -> None:
    git = ["git", "-C", str(tmp_path), "-c", "user.name=Anna Esempio", "-c", "user.email=anna@example.it"]
    subprocess.run([*git, "init", "-q"], check=True)
    for subject in ("One", "x" * 80):
        subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", subject, "-m", "Why."], check=True)
    said = style.subjects(tmp_path)
    assert said == ["x" * 80, "One"]
    found = style.figures(tmp_path, said)
    assert figure(found, "longest subject").value == 80
    assert figure(found, "subjects of more than").value == 1


def test_what_is_above_its_ceiling_is_said_with_its_places() -> None:
    places = [f"a.py:{number}" for number in range(9)]
    lines = list(
        style.report([style.Figure("circles", 9, 0, "", places), style.Figure("files", 1, 2, "", ["b"])])
    )
    assert lines[0].startswith("NO circles")
    assert [line.strip() for line in lines[1:7]] == [*places[:5], "… and 4 more"]
    assert len(lines) == 8  # no places of what is in order


def test_our_own_code_is_below_every_ceiling() -> None:
    """Commits apart: what is merged has its subject."""
    found = style.figures(style.SOURCE, None)
    assert not [line for line in style.report(found) if line.startswith("NO")]
    assert figure(found, "circles of imports").value == 0
    assert figure(found, "SQL in Python over several").value == 0
    assert figure(found, "states in SQL").value == 0
