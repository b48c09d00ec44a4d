# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Small files of our own, for a citizen who sends "a photo" without saying which."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

WIDTH, HEIGHT = 480, 320


def sample(kind: str) -> tuple[bytes, str, str]:
    """Bytes, MIME type and name of a small file of the kind."""
    if kind == "image":
        return _picture(), "image/png", "foto-di-prova.png"
    if kind == "document":
        return _page(), "application/pdf", "documento-di-prova.pdf"
    if kind == "sticker":
        sticker = Path(__file__).with_name("sticker.webp")  # drawn by tools/sample_sticker.py
        return sticker.read_bytes(), "image/webp", "adesivo-di-prova.webp"
    if kind == "video":
        return b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom", "video/mp4", "video-di-prova.mp4"
    voice = Path(__file__).with_name("voice.ogg")  # made by tools/sample_voice.py
    return voice.read_bytes(), "audio/ogg; codecs=opus", "audio-di-prova.ogg"


def _picture() -> bytes:
    """A hill under an evening sky, as a PNG."""
    rows = bytearray()
    for y in range(HEIGHT):
        rows.append(0)
        for x in range(WIDTH):
            hill = HEIGHT * 0.62 + (x - WIDTH * 0.55) ** 2 / 900 - (40 if 200 < x < 230 else 0)
            sun = (x - 350) ** 2 + (y - 110) ** 2 < 1500
            shade = y / HEIGHT
            if y > hill:
                rows += bytes((int(70 + 30 * shade), int(120 - 30 * shade), 84))
            elif sun:
                rows += b"\xff\xe2\xa8"
            else:
                rows += bytes((int(120 + 120 * shade), int(160 + 40 * shade), int(214 - 40 * shade)))

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(rows)))
        + chunk(b"IEND", b"")
    )


def _page() -> bytes:
    """One page that says what it is, as a PDF."""
    text = b"BT /F1 22 Tf 72 760 Td (Documento di prova) Tj 0 -34 Td /F1 13 Tf (Inviato da un telefono della sandbox.) Tj ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 6 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Font << /F1 5 0 R >> >>",
    ]
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for position, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (position, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(out)
