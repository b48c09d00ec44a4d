# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""PDF that everybody can read and that keeps: PDF/UA-1 (tagged) and PDF/A-2a at once, made by typst.

A room brings a template in typst's language, ours and not people's. What people typed reaches it as data: it is text there,
whatever signs it holds. A template begins with::

    #import "house.typ": *
    #show: house

``data`` is what the room gave; pictures lie beside the template by name. A picture without ``alt:`` is refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import msgspec
import typst

MOST_BYTES: Final = 4 * 1024 * 1024  # of data and pictures together: larger ones are for another tool
UNKNOWN: Final = "□"  # for a sign that none of typst's own fonts has: emoji, Chinese, Bengali
_ROUNDS: Final = 4  # of finding such signs: marks first, then what they stood on
_HOUSE, _MAIN = Path(__file__).with_name("house.typ"), "main.typ"
_UNSHOWN = re.compile(r'(?:the text|the codepoint) `"((?:[^"\\]|\\.)+)"`')  # as Rust writes a string
_SHORT = {"n": "\n", "r": "\r", "t": "\t"}
_ESCAPED = re.compile(r"\\(?:u\{([0-9a-f]+)\}|(.))")


@dataclass(frozen=True)
class Document:
    """``title`` is what the reader's window says; ``language`` is BCP 47. ``data``: JSON values."""

    title: str
    template: Path
    data: Mapping[str, object]
    language: str = "it"
    pictures: Mapping[str, bytes] = field(default_factory=dict)


class DocumentRefused(Exception):
    """It would not be readable by everybody, or is too large. The words are typst's: a mistake of the template."""


def pdf(document: Document) -> bytes:
    """Some 50 ms of processor a page or two. Signs that no font has become ``UNKNOWN``, and the rest stays as it was typed."""
    values: dict[str, Any] = {"title": document.title, "language": document.language, "data": document.data}
    if sum(map(len, document.pictures.values())) + len(msgspec.json.encode(values)) > MOST_BYTES:
        raise DocumentRefused(f"more than {MOST_BYTES} bytes")
    # In memory typst takes texts alone. It reads nothing outside of this folder.
    with TemporaryDirectory(prefix="arengo-document-") as place:
        folder = Path(place)
        for name, content in document.pictures.items():
            (folder / Path(name).name).write_bytes(content)
        (folder / "house.typ").write_bytes(_HOUSE.read_bytes())
        (folder / _MAIN).write_bytes(document.template.read_bytes())
        for _round in range(_ROUNDS):
            try:
                return _compiled(folder, values)
            except typst.TypstError as error:
                unshown = _unshown(error.diagnostic)
                if not unshown:
                    raise DocumentRefused(error.diagnostic) from error
                values = _without(values, unshown)
    raise DocumentRefused("signs that no font has")


def _compiled(folder: Path, values: Mapping[str, Any]) -> bytes:
    made = typst.compile(
        str(folder / _MAIN),
        root=str(folder),
        format="pdf",
        ignore_system_fonts=True,  # the same document on every machine
        sys_inputs={"document": msgspec.json.encode(values).decode()},
        pdf_standards=["a-2a", "ua-1"],
    )
    if not isinstance(made, bytes):
        raise TypeError("typst gives one file for a PDF")
    return made


def _unshown(diagnostic: str) -> dict[int, str]:
    """What typst's errors say no font has, and what takes its place. A letter may only be in trouble with the mark on it."""

    def written(found: re.Match[str]) -> str:
        return chr(int(found[1], 16)) if found[1] else _SHORT.get(found[2], found[2])

    unshown = {sign for text in _UNSHOWN.findall(diagnostic) for sign in _ESCAPED.sub(written, text)}
    signs = {sign for sign in unshown if not (sign.isascii() and (sign.isprintable() or sign in "\t\n\r"))}
    marks = {sign for sign in signs if unicodedata.category(sign) in {"Mn", "Mc", "Me", "Cc", "Cf"}}
    return {ord(sign): "" for sign in marks} or {ord(sign): UNKNOWN for sign in signs}


def _without(value: Any, unshown: Mapping[int, str]) -> Any:
    if isinstance(value, str):
        return value.translate(unshown)
    if isinstance(value, Mapping):
        return {key: _without(each, unshown) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_without(each, unshown) for each in value]
    return value
