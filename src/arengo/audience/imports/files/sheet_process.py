# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads one spreadsheet from standard input and writes its rows to standard output, as JSON; a process of its own.

It is run by its path, imports nothing of Arengo, and has no more memory, time and output than its argument says.
"""

from __future__ import annotations

import io
import os
import resource
import signal
import sys
from datetime import date, datetime, time
from typing import Any

import msgspec
from python_calamine import CalamineWorkbook, PasswordError, SheetVisibleEnum

_EXACT = 2.0**53  # whole numbers up to here are what was typed


def main() -> None:
    limits: dict[str, int] = msgspec.json.decode(sys.argv[1])
    confine(limits)
    try:
        answer = {"refused": "", "rows": rows_of(sys.stdin.buffer.read(), limits)}
    except PasswordError:
        answer = {"refused": "password"}
    except Exception:  # noqa: BLE001  # the reader raises anything at bad bytes
        answer = {"refused": "damaged"}
    sys.stdout.buffer.write(msgspec.json.encode(answer))
    sys.stdout.flush()
    os._exit(0)


def confine(limits: dict[str, int]) -> None:
    signal.alarm(limits["seconds"])
    for name, most in (
        ("RLIMIT_CORE", 0),
        ("RLIMIT_CPU", limits["seconds"]),
        ("RLIMIT_FSIZE", limits["output"]),
        ("RLIMIT_AS", limits["memory"]),
    ):
        try:
            resource.setrlimit(getattr(resource, name), (most, most))
        except (ValueError, OSError):  # macOS knows no limit of memory; the others hold there too
            continue


def rows_of(content: bytes, limits: dict[str, int]) -> list[list[str]]:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    for sheet in workbook.sheets_metadata:
        if sheet.visible != SheetVisibleEnum.Visible:
            continue
        rows = workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False, nrows=limits["rows"])
        if rows:
            return [[text_of(cell) for cell in row[: limits["columns"]]] for row in rows]
    return []


def text_of(cell: Any) -> str:
    """A cell as a person would type it: numbers without a point where they are whole, days as 2026-11-30."""
    if isinstance(cell, bool):
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < _EXACT else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)[:1000]


if __name__ == "__main__":
    main()
