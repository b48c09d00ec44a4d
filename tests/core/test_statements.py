# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Hand-written SQL by name: members of enums, holes, and every file of every room."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from enum import Enum, IntEnum, StrEnum
from pathlib import Path

import pytest

import arengo
from arengo.core.statements import Statements
from arengo.delivery.models import OutboxState, Sender

ROOMS = sorted(path.parent.parent.name for path in Path(arengo.__file__).parent.glob("*/sql/__init__.py"))


class Colour(IntEnum):
    RED = 1


class Word(StrEnum):
    GOOD = "good"
    BAD = "it's"


class Odd(Enum):
    PAIR = (1, 2)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package ``sql_of_a_room`` for files."""
    package = tmp_path / "sql_of_a_room"
    package.mkdir()
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    yield package
    sys.modules.pop("sql_of_a_room", None)


def statements() -> Statements:
    return Statements("sql_of_a_room", Colour, Word, Odd, Sender.State)


def test_members_of_enums_are_written_into_the_text(folder: Path) -> None:
    (folder / "a.sql").write_text("SELECT {{ Colour.RED }}, {{Word.GOOD}}, {{ Sender.State.ACTIVE }}\n")
    assert statements()("a") == "SELECT 1, 'good', 'active'"


def test_comments_are_not_sent(folder: Path) -> None:
    """A «%» in one would be a parameter."""
    (folder / "a.sql").write_text("-- 100 % of them\nSELECT 1  -- one\n  -- two\nFROM a\n")
    assert statements()("a") == "SELECT 1  -- one\nFROM a"


def test_holes_are_filled_and_only_those(folder: Path) -> None:
    (folder / "a.sql").write_text("SELECT FROM a WHERE {{ which }} OR {{ which }} AND {{ other }}")
    statement = statements()
    assert (
        statement("a", which="x = '{}'", other="{{ which }}")
        == "SELECT FROM a WHERE x = '{}' OR x = '{}' AND {{ which }}"
    )
    assert statement.unfilled("a") == "SELECT FROM a WHERE {{ which }} OR {{ which }} AND {{ other }}"
    for holes in ({}, {"which": "x"}, {"which": "x", "other": "y", "more": "z"}):
        with pytest.raises(TypeError, match="wants"):
            statement("a", **holes)


@pytest.mark.parametrize("member", ["Colour.BLUE", "Colour", "Unknown.RED", "OutboxState.READY", "RED"])
def test_a_member_that_is_none_is_an_error_that_names_the_file(folder: Path, member: str) -> None:
    (folder / "a.sql").write_text(f"SELECT {{{{ {member} }}}}")
    with pytest.raises(LookupError, match=r"a\.sql"):
        statements()("a")


@pytest.mark.parametrize("member", ["Word.BAD", "Odd.PAIR"])
def test_a_value_that_is_neither_a_number_nor_a_word_is_an_error(folder: Path, member: str) -> None:
    (folder / "a.sql").write_text(f"SELECT {{{{ {member} }}}}")
    with pytest.raises(TypeError, match="neither"):
        statements()("a")


def test_a_file_that_is_not_there_is_an_error(folder: Path) -> None:
    with pytest.raises(FileNotFoundError):
        statements()("absent")


@pytest.mark.parametrize("room", ROOMS)
def test_every_file_of_a_room_names_members_that_exist(room: str) -> None:
    statement: Statements = importlib.import_module(f"arengo.{room}.sql").statement
    assert statement.names()
    for name in statement.names():
        assert statement.unfilled(name)


def test_the_rooms_of_the_roads_have_their_files() -> None:
    assert {"intake", "delivery", "audience", "desk", "core"} <= set(ROOMS)


def test_a_state_of_the_outbox_is_a_constant_of_the_statement() -> None:
    """Bound as a parameter it would prove no partial index."""
    statement: Statements = importlib.import_module("arengo.delivery.sql").statement
    assert f"o.state = {int(OutboxState.READY)} " in statement("claim")
