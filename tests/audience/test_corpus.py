# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What citizens write, in four thousand messages: leaving is obeyed, and what is no command is left to people.

The files were written before the reading was: by somebody who knew the commands that real towns publish, and nothing of it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from arengo.audience.commands import Parser
from arengo.audience.defaults import JOIN_WORDS, LEAVE_WORDS

CORPUS = Path(__file__).parent / "commands_corpus"
PARSER = Parser(JOIN_WORDS, LEAVE_WORDS)


def said(name: str) -> list[tuple[str, str]]:
    lines = (CORPUS / name).read_text("utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return [(kind, text.replace("\\n", "\n")) for kind, text in pairs]


def verdict(text: str) -> str:
    command = PARSER.text(text)
    return command.kind if command else ""


@pytest.fixture(scope="module")
def commands() -> list[tuple[str, str, str]]:
    return [(kind, text, verdict(text)) for kind, text in said("commands.tsv")]


def test_who_leaves_is_obeyed(commands: list[tuple[str, str, str]]) -> None:
    leaving = [(text, found) for kind, text, found in commands if kind == "leave"]
    missed = [text for text, found in leaving if found != "leave"]
    print(f"{len(leaving) - len(missed)} of {len(leaving)} leavings obeyed; not: {missed}")
    assert len(leaving) >= 1_200
    assert len(missed) <= 0.005 * len(leaving)
    assert [text for text in missed if PARSER.nearly(text) != "leave"] == []


def test_nobody_who_leaves_is_told_that_they_joined(commands: list[tuple[str, str, str]]) -> None:
    assert [text for kind, text, found in commands if kind == "leave" and found == "join"] == []


def test_most_who_join_are_obeyed(commands: list[tuple[str, str, str]]) -> None:
    joining = [(text, found) for kind, text, found in commands if kind == "join"]
    missed = [text for text, found in joining if found != "join"]
    print(f"{len(joining) - len(missed)} of {len(joining)} joinings obeyed")
    assert len(joining) >= 800
    assert len(missed) <= 0.11 * len(joining)
    assert sum(1 for _text, found in joining if found == "leave") <= 10


def test_an_ordinary_message_is_no_command() -> None:
    ordinary = [text for _kind, text in said("ordinary.tsv")]
    taken = [text for text in ordinary if verdict(text)]
    print(f"{len(taken)} of {len(ordinary)} taken for a command: {taken}")
    assert len(ordinary) >= 2_000
    assert len(taken) <= 0.001 * len(ordinary)
