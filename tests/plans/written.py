# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every statement that is written by hand in the rooms of the roads and of the figures: the files of ``sql/`` and the texts in the
modules."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator, Set
from pathlib import Path

import arengo
from arengo.core.statements import Statements

ROOMS = ("intake", "delivery", "audience", "desk", "insights")
_OF_MIGRATIONS = {"desk/search/indexing.py"}  # texts of triggers: PostgreSQL sends them to itself
_SQL = re.compile(r"\s*(?:SELECT|WITH|INSERT|UPDATE|DELETE)\s")
_HOLE = re.compile(r"\{+[^{}]*\}+")


def unused(sent: Set[str], tables: Set[str]) -> list[str]:
    """Where a statement about one of ``tables`` stands that is not among ``sent`` (texts in one line)."""
    named = re.compile(rf"\b(?:{'|'.join(sorted(tables))})\b")
    return [
        where
        for where, text in written()
        if named.search(text) and not any(_stands_in(text, each) for each in sent)
    ]


def written() -> Iterator[tuple[str, str]]:
    """Where it stands, and its text in one line: of files as they are sent, but for their holes."""
    home = Path(arengo.__file__).parent
    for room in ROOMS:
        for file in sorted((home / room).rglob("*")):
            where = str(file.relative_to(home))
            if file.suffix == ".sql":
                package = ".".join(file.parent.relative_to(home.parent).parts)
                statement: Statements = importlib.import_module(package).statement
                yield where, in_one_line(statement.unfilled(file.stem))
            elif file.suffix == ".py" and "migrations" not in file.parts and where not in _OF_MIGRATIONS:
                for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                    if (
                        isinstance(node, ast.Constant)
                        and isinstance(node.value, str)
                        and _SQL.match(node.value)
                    ):
                        yield f"{where}:{node.lineno}", in_one_line(node.value)


def in_one_line(text: str) -> str:
    return " ".join(re.sub(r"^\s*--.*$", "", text, flags=re.MULTILINE).split())


def _stands_in(text: str, sent: str) -> bool:
    """Whether ``sent`` is this statement, whatever was put into its holes."""
    return all(part.strip() in sent for part in _HOLE.split(text))
