# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""CSV as Italian offices write it: how its bytes become text, what separates its columns, and how we write it ourselves."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence

from django.http import HttpResponse
from django.utils.http import content_disposition_header

MARK = "\ufeff"  # before a file: spreadsheets know its encoding by it
_SEPARATORS = ";,\t"
_COMPUTED = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "＝",
    "＋",
    "－",
    "＠",
)  # a spreadsheet computes what begins so
_NUMBER = re.compile(r"[+-]?[0-9][0-9 .,]*")  # «+39 333 000 0001», «-5»: nothing to compute
_QUOTED = re.compile(rf"'+[{re.escape(''.join(_COMPUTED))}]")


def decoded(content: bytes, encoding: str = "") -> tuple[str, str]:
    """The text, and the name of its encoding: ``encoding`` where a person chose one, else by the rule.

    What has no mark and is no UTF-8 comes from Windows: guessing more takes «Forlì» for «Forlě».
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace"), "utf-16"
    if encoding and encoding != "utf-8":
        return content.decode(encoding, "replace"), encoding
    try:
        return content.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace"), "cp1252"


def separator_of(text: str) -> str:
    """What the first line has most of: semicolon, comma or tab."""
    first = text.lstrip(" \r\n").partition("\n")[0]
    return max(_SEPARATORS, key=first.count)


def cell(value: str) -> str:
    """As it is written: with an apostrophe before what a spreadsheet would compute; a number keeps its plus and its zeros."""
    computed = value.lstrip(" ").startswith(_COMPUTED) and not _NUMBER.fullmatch(value)
    return f"'{value}" if computed or _QUOTED.match(value) else value


def bare(value: str) -> str:
    """Without spaces around it, and without the apostrophe that :func:`cell` put before it."""
    value = value.strip()
    return value[1:] if _QUOTED.match(value) else value


def lines(rows: Iterable[Sequence[str]]) -> str:
    """Rows as CSV with semicolons, each cell as :func:`cell` has it."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerows([cell(each) for each in row] for row in rows)
    return written.getvalue()


def as_text(heads: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """The table as CSV with semicolons; what a spreadsheet would compute has an apostrophe before it."""
    return lines([heads, *([row.get(head, "") for head in heads] for row in rows)])


def response(name: str, heads: Sequence[str], rows: Iterable[Mapping[str, str]]) -> HttpResponse:
    """A file that spreadsheets open with accents and columns in place."""
    answer = HttpResponse(MARK + as_text(heads, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer
