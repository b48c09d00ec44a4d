# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""xlsx, xls and ods, read in a process of its own that has little memory and time: ``sheet_process.py``."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Final

import msgspec

from arengo.audience.imports.files.table import MOST_COLUMNS, MOST_ROWS, NotReadable
from arengo.core.sentences import gettext as _

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_READER = Path(__file__).with_name("sheet_process.py")
MOST_UNPACKED: Final = 400 * 1024 * 1024  # bytes; 500,000 rows of six cells are 200 MB of XML
_MOST_MEMBERS: Final = 2_000
_SECONDS: Final = 60
_LIMITS = {
    "memory": 1280 * 1024 * 1024,  # bytes of address space; 500,000 rows of six cells take half of it
    "seconds": _SECONDS,
    "output": 250 * 1024 * 1024,  # bytes
    "rows": MOST_ROWS + 1,
    "columns": MOST_COLUMNS + 1,
}


class _Answer(msgspec.Struct):
    refused: str
    rows: list[list[str]] = []


def is_one(content: bytes) -> bool:
    return content.startswith((_ZIP, _OLE))


def read(content: bytes) -> list[list[str]]:
    """The rows of the first visible sheet that has any, each cell as text. NotReadable says what to do."""
    if content.startswith(_ZIP):
        _look_inside(content)
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(
            [sys.executable, "-I", str(_READER), json.dumps(_LIMITS)],
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=subprocess.DEVNULL,  # complaints may quote what is in the file
            env={"LANG": "C.UTF-8"},
            cwd="/",
            start_new_session=True,
        )
        try:
            process.communicate(content, timeout=_SECONDS + 5)
        except subprocess.TimeoutExpired as late:
            raise _too_large() from late
        finally:
            process.kill()
            process.wait()
        out.seek(0)
        answer = out.read(_LIMITS["output"])
    if process.returncode != 0:
        raise _too_large()
    try:
        found = msgspec.json.decode(answer, type=_Answer)
    except msgspec.DecodeError as error:
        raise _too_large() from error
    if found.refused == "password":
        raise NotReadable(_("Il foglio è protetto da una password: toglila e caricalo di nuovo."))
    if found.refused:
        raise NotReadable(
            _(
                "Il foglio di calcolo è rovinato o non si riesce a leggere. Aprilo e salvalo di nuovo, anche come CSV."
            )
        )
    return found.rows


def _look_inside(content: bytes) -> None:
    """What the archive says that it unpacks to, before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise NotReadable(
            _(
                "Il foglio di calcolo è rovinato o non si riesce a leggere. Aprilo e salvalo di nuovo, anche come CSV."
            )
        ) from error
    if len(members) > _MOST_MEMBERS or sum(member.file_size for member in members) > MOST_UNPACKED:
        raise _too_large()


def _too_large() -> NotReadable:
    return NotReadable(
        _(
            "Il foglio di calcolo, aperto, è troppo grande da leggere. Togli i fogli e le colonne che non servono, "
            "oppure salvalo come CSV."
        )
    )
