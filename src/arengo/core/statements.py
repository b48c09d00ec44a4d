# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Hand-written SQL by name. Each room keeps its statements in ``sql/<name>.sql`` and opens them with one :class:`Statements`.

What changes from call to call is a bound parameter, ``%(name)s``. Members of enums are not bound: a file names them,
``o.state = {{ OutboxState.READY }}``, and the value is written into the text when the file is read. The reason is the plan.
PostgreSQL uses a partial index (``… WHERE state = 0``) only if the condition of the query proves that of the index. A
constant proves it; a parameter does not, once a prepared statement has a generic plan, and the queue would be read from end
to end (PostgreSQL's manual, 11.8: "a prepared query with a parameter might specify x < ?, which will never imply x < 2").

A statement with several callers has holes in small letters, ``{{ which }}``. The caller fills each with SQL of its own room,
or with another file: ``statement("cancel", which=statement("which_single"))``.

Lines that are comments stay in the file; they are not sent.
"""

from __future__ import annotations

import re
from enum import Enum
from importlib.resources import files
from typing import NamedTuple

_MARK = re.compile(r"\{\{\s*([\w.]*)\s*\}\}")
_COMMENT = re.compile(r"^[ \t]*--.*\n?", re.MULTILINE)
_WORD = re.compile(r"\w+")


class _File(NamedTuple):
    text: str  # with the values of enums; a hole is written ``{{ name }}``
    holes: frozenset[str]


class Statements:
    """The statements of one room. ``package``: the one in which the files lie; ``enums``: those that they may name."""

    def __init__(self, package: str, *enums: type[Enum]) -> None:
        self._package = package
        self._enums = {enum.__qualname__: enum for enum in enums}  # «Sender.State»
        self._read: dict[str, _File] = {}

    def __call__(self, name: str, /, **holes: str) -> str:
        """The text of ``<name>.sql``, ready to be executed.

        FileNotFoundError: there is no such file. LookupError: it names a member that none of the enums has. TypeError: the
        file has other holes than those that are filled.
        """
        text, wanted = self._file(name)
        if holes.keys() != wanted:
            raise TypeError(f"{self._package}/{name}.sql wants {sorted(wanted)}, not {sorted(holes)}.")
        return _MARK.sub(lambda mark: holes[mark[1]], text) if holes else text

    def unfilled(self, name: str) -> str:
        """The text with its holes as they are, for who looks for it in what was sent."""
        return self._file(name).text

    def names(self) -> list[str]:
        """Of all files."""
        found = files(self._package).iterdir()
        return sorted(file.name.removesuffix(".sql") for file in found if file.name.endswith(".sql"))

    def _file(self, name: str) -> _File:
        """Read once."""
        if name in self._read:
            return self._read[name]
        written = (files(self._package) / f"{name}.sql").read_text("utf-8")
        holes: set[str] = set()

        def value(mark: re.Match[str]) -> str:
            if mark[1].islower():
                holes.add(mark[1])
                return f"{{{{ {mark[1]} }}}}"
            return self._literal(mark[1], name)

        text = _MARK.sub(value, _COMMENT.sub("", written)).strip()
        known = self._read[name] = _File(text, frozenset(holes))
        return known

    def _literal(self, member: str, name: str) -> str:
        enum, _, own = member.rpartition(".")
        try:
            value = self._enums[enum][own].value
        except KeyError:
            raise LookupError(
                f"{self._package}/{name}.sql: {member!r} is no member of {sorted(self._enums)}."
            ) from None
        if isinstance(value, int):
            return str(int(value))
        if isinstance(value, str) and _WORD.fullmatch(value):
            return f"'{value}'"
        raise TypeError(f"{self._package}/{name}.sql: {member} is {value!r}, neither a number nor a word.")
