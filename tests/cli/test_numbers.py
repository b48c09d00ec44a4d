# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Numbers on the command line are read as on the pages, and by no other reader."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

import arengo.cli
from arengo.cli.main import arengo as command
from arengo.cli.words import Count

SOURCES = sorted(Path(arengo.cli.__file__).parent.glob("*.py"))


@pytest.mark.parametrize("typed", ["1.000", "1,000", "1 000", "1'000", "1000"])
def test_a_thousand_is_a_thousand(typed: str) -> None:
    assert Count(1, 5000).convert(typed, None, None) == 1000


@pytest.mark.parametrize(
    ("language", "words"),
    [("it", "Serve un numero intero, senza decimali."), ("en", "A whole number is needed")],
)
def test_what_is_none_is_refused_in_the_language_of_the_command_line(
    monkeypatch: pytest.MonkeyPatch, language: str, words: str
) -> None:
    monkeypatch.setenv("ARENGO_LANGUAGE", language)
    with pytest.raises(click.BadParameter, match=words):
        Count(1, 64).convert("1,5", None, None)


@pytest.mark.parametrize("typed", ["65", "6.000", "٣", "1_0", "3e1", ""])
def test_the_number_of_processes_is_one(typed: str) -> None:
    with pytest.raises(click.BadParameter):
        command.main(["web", "--processes", typed], standalone_mode=False)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_option_is_read_by_a_bare_type(path: Path) -> None:
    assert not re.search(
        r"click\.(INT|FLOAT|IntRange|FloatRange)|type=(int|float)\b", path.read_text("utf-8")
    )
