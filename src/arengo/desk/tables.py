# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Small tables as CSV files, as Italian offices write them: read with their encoding and separator found out, and written."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from arengo.core.csv_text import as_text, bare, decoded, response, separator_of
from arengo.core.screens import Screen

__all__ = ["ImportPage", "Line", "NotATable", "as_text", "read", "response"]

MOST_BYTES = 1024 * 1024
MOST_ROWS = 1_000


class NotATable(ValueError):
    """Why the file cannot be read, in the user's language."""


def read(content: bytes, *, known: Sequence[str], needed: Sequence[str]) -> list[dict[str, str]]:
    """The rows by the names of their columns, small letters; columns that are not ``known`` are left out, empty rows too.

    NotATable where there is no table, or a ``needed`` column is missing, or there are too many rows.
    """
    if len(content) > MOST_BYTES:
        raise NotATable(_("Il file supera 1 MB: dividilo."))
    text, _encoding = decoded(content)
    if "\0" in text:
        raise NotATable(_("Questo non è un file CSV: salvalo dal foglio di calcolo come «CSV»."))
    separator = separator_of(text)
    try:
        lines = list(csv.reader(io.StringIO(text.strip("\r\n")), delimiter=separator, strict=False))
    except csv.Error as error:
        raise NotATable(_("Il file non si legge come tabella: salvalo di nuovo come «CSV».")) from error
    heads = [head.strip().casefold() for head in lines[0]] if lines else []
    missing = [name for name in needed if name not in heads]
    if missing:
        raise NotATable(
            _("Nella prima riga manca la colonna %(names)s. Le colonne sono: %(known)s.")
            % {"names": ", ".join(missing), "known": ", ".join(known)}
        )
    rows = [
        {name: bare(value) for name, value in zip(heads, line, strict=False) if name in known}
        for line in lines[1:]
        if any(value.strip() for value in line)
    ]
    if len(rows) > MOST_ROWS:
        raise NotATable(_("Il file ha più di %(most)d righe: dividilo.") % {"most": MOST_ROWS})
    return rows


# --- a table that is looked at before it is kept ---


@dataclass(frozen=True)
class Line:
    """A row of the file. ``problem``: why it is left out, "" where it is taken."""

    number: int
    title: str
    text: str
    problem: str


@dataclass(frozen=True)
class ImportPage(Screen):
    """``lines``: of the file that was read; ``table``: its text, for the press that keeps it. ``taken``: how many would be kept."""

    lines: Sequence[Line]
    table: str
    taken: int
    problem: str
    columns: Sequence[str]
