# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The words of a PDF of ours, as a program that reads aloud finds them: glyphs by way of each font's map to Unicode."""

from __future__ import annotations

import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)\nendobj", re.S)
_STREAM = re.compile(rb"stream\n(.*)\nendstream", re.S)
_INNER = rb"(?:\\.|[^\\()]|\((?:\\.|[^\\()])*\))*"  # brackets that match need no backslash
_LITERAL = rb"\(" + _INNER + rb"\)"
_SHOWN = re.compile(
    rb"/(f\d+) [\d.]+ Tf|(\[(?:" + _LITERAL + rb"|[^\]])*\] ?TJ|" + _LITERAL + rb" ?Tj)", re.S
)
_ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.S)
_SIGNS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def text_of(content: bytes) -> str:
    """All pages, one after the other; a space between what is drawn in two strokes."""
    objects = {int(number): body for number, body in _OBJECT.findall(content)}
    pages = [body for body in objects.values() if re.search(rb"/Type/Page\b", body)]
    return "\n".join(
        _page(_unpacked(objects[_named(page, b"Contents")]), _fonts(page, objects)) for page in pages
    )


def _named(body: bytes, name: bytes) -> int:
    found = re.search(rb"/" + name + rb" (\d+) 0 R", body)
    if found is None:
        raise ValueError(f"no {name.decode()}")
    return int(found[1])


def _fonts(page: bytes, objects: dict[int, bytes]) -> dict[bytes, dict[int, str]]:
    """Each page calls them as it likes."""
    return {
        name: _unicode(_unpacked(objects[_named(objects[int(number)], b"ToUnicode")]))
        for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", objects[_named(page, b"Resources")])
    }


def _unpacked(body: bytes) -> bytes:
    found = _STREAM.search(body)
    if found is None:
        return b""
    return zlib.decompress(found[1]) if b"FlateDecode" in body[: found.start()] else found[1]


def _unicode(plain: bytes) -> dict[int, str]:
    return {
        int(glyph, 16): bytes.fromhex(signs.decode()).decode("utf-16-be")
        for block in re.findall(rb"beginbfchar(.*?)endbfchar", plain, re.S)
        for glyph, signs in re.findall(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>", block)
    }


def _page(plain: bytes, fonts: dict[bytes, dict[int, str]]) -> str:
    font: dict[int, str] = {}
    words = []
    for name, shown in _SHOWN.findall(plain):
        if name:
            font = fonts.get(name, {})
            continue
        codes = b"".join(_plain(literal[1:-1]) for literal in re.findall(_LITERAL, shown, re.S))
        glyphs = (int.from_bytes(codes[at : at + 2], "big") for at in range(0, len(codes), 2))
        words.append("".join(font.get(glyph, "?") for glyph in glyphs))
    return " ".join(words)


def _plain(literal: bytes) -> bytes:
    def sign(found: re.Match[bytes]) -> bytes:
        if found[1].isdigit():
            return bytes([int(found[1], 8)])
        return _SIGNS.get(found[1], found[1])

    return _ESCAPED.sub(sign, literal)
