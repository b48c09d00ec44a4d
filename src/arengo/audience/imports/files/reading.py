# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Any file that holds people → one table. What it is, its bytes say, not its name."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence

from arengo.audience.imports.files import numbers, spreadsheets, vcards
from arengo.audience.imports.files.table import (
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_LETTERS,
    MOST_ROWS,
    NotReadable,
    Table,
)
from arengo.core import outside
from arengo.core.csv_text import bare, decoded, separator_of
from arengo.core.sentences import gettext as _

_LISTMONK = {"uuid", "email", "name", "attributes", "status"}  # the headings of its export of subscribers
_MOST_KEYS = 20  # of the attributes of a listmonk export


def read(content: bytes, encoding: str = "") -> Table:
    """``encoding``: which a person chose for a text that did not look right; "" to find it out. NotReadable says why not."""
    if len(content) > MOST_BYTES:
        raise NotReadable(_("Il file supera 50 MB: dividilo in più file."))
    if not content.strip():
        raise NotReadable(_("Il file è vuoto."))
    if spreadsheets.is_one(content):
        return _with_heads(spreadsheets.read(content))
    text, encoding = decoded(content, encoding)
    if "\0" in text:
        raise NotReadable(
            _(
                "Non riconosco questo file. Vanno bene CSV, Excel (xlsx, xls), LibreOffice (ods) e vCard (vcf): "
                "se è un altro foglio di calcolo, salvalo come CSV."
            )
        )
    if vcards.is_one(text):
        return vcards.read(text, encoding)
    separator = separator_of(text)
    try:
        lines = list(csv.reader(io.StringIO(text.strip("\r\n"), newline=""), delimiter=separator))
    except csv.Error as error:
        raise NotReadable(
            _("Il file non si legge come tabella: una virgoletta resta aperta. Salvalo di nuovo come CSV.")
        ) from error
    return _listmonk(_with_heads(lines, encoding, separator))


def _with_heads(lines: Sequence[Sequence[str]], encoding: str = "", separator: str = "") -> Table:
    """The first row that holds something names the columns, unless it holds a number of somebody already."""
    first = next((number for number, line in enumerate(lines, start=1) if any(map(str.strip, line))), 0)
    if not first:
        raise NotReadable(_("Nel file non c’è nessuna riga."))
    head = [_cell(value) for value in lines[first - 1]]
    body = lines[first - 1 :] if any(numbers.looks_like_one(value) for value in head) else lines[first:]
    width = max(len(head), max(map(len, body), default=0))
    if width > MOST_COLUMNS:
        raise NotReadable(
            _("Il file ha più di %(most)d colonne: togli quelle che non servono.") % {"most": MOST_COLUMNS}
        )
    if len(body) > MOST_ROWS:
        raise NotReadable(_("Il file ha più di %(most)d righe: dividilo in più file.") % {"most": MOST_ROWS})
    named = head if len(body) == len(lines) - first else []
    heads = [(named[place] if place < len(named) else "") or f"Colonna {place + 1}" for place in range(width)]
    rows = [[*map(_cell, line), *[""] * (width - len(line))] for line in body]
    if not any(any(row) for row in rows):
        raise NotReadable(_("Nel file ci sono i nomi delle colonne e nessuna persona."))
    return Table(heads, rows, first + len(lines[first - 1 :]) - len(body), encoding, separator)


def _cell(value: str) -> str:
    return bare(outside.text(value, most=MOST_LETTERS))


def _listmonk(table: Table) -> Table:
    """listmonk keeps what it knows beside the address as one JSON object: each of its keys becomes a column."""
    if not {head.casefold() for head in table.heads} >= _LISTMONK:
        return table
    place = [head.casefold() for head in table.heads].index("attributes")
    objects = [_object(row[place]) for row in table.rows]
    keys = list(dict.fromkeys(key for each in objects for key in each))[:_MOST_KEYS]
    return Table(
        [*table.heads[:place], *table.heads[place + 1 :], *keys],
        [
            [*row[:place], *row[place + 1 :], *(each.get(key, "") for key in keys)]
            for row, each in zip(table.rows, objects, strict=True)
        ],
        table.first,
        table.encoding,
        table.separator,
    )


def _object(text: str) -> dict[str, str]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {str(key)[:60]: _written(value) for key, value in list(found.items())[:_MOST_KEYS]}


def _written(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_texts(value))
    return _cell(str(value)) if isinstance(value, str | int | float) else ""


def _texts(values: Iterable[object]) -> list[str]:
    return [_cell(str(value)) for value in values if isinstance(value, str | int)]
