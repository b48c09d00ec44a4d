# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Small files that mean harm, for tests. Each is made here, from what its format's specification says."""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pillow_heif
from PIL import Image

pillow_heif.register_heif_opener()


def resident() -> int:
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(width: int, height: int, *chunks: bytes, depth: int = 8, colour: int = 2, data: bytes = b"") -> bytes:
    """``data``: the rows before compression."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(data, 9)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(chunks) + body


def flat_png(side: int) -> bytes:
    """A square of one colour, 24 bits a pixel: a thousandth of what it unfolds to. 8940: the 310 kB of a real attack."""
    packer = zlib.compressobj(9)
    row = bytes(1 + side * 3)
    body = b"".join([*(packer.compress(row) for _number in range(side)), packer.flush()])
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def jpeg_of_size(width: int, height: int) -> bytes:
    """A small JPEG whose header says another size."""
    content = bytearray(saved(Image.new("RGB", (16, 16)), "JPEG"))
    place = content.index(b"\xff\xc0") + 5
    content[place : place + 4] = struct.pack(">HH", height, width)
    return bytes(content)


def webp_of_size(width: int, height: int) -> bytes:
    body = b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4)
    body += (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF" + struct.pack("<I", len(body)) + body


def gif_of_size(width: int, height: int, frames: int = 1) -> bytes:
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x4c\x01\x00"
    head = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + bytes(6)
    return head + frame * frames + b"\x3b"


def bmp_of_size(width: int, height: int) -> bytes:
    info = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + info


def _directory(entries: Sequence[tuple[int, int, int, int]], following: int) -> bytes:
    """One IFD of a little-endian TIFF: (tag, type, count, value)."""
    packed = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return struct.pack("<H", len(entries)) + packed + struct.pack("<I", following)


def tiff(width: int, height: int, pages: int = 1) -> bytes:
    """Grey, uncompressed, all pages with the same single strip of 16 bytes."""
    size = 2 + 9 * 12 + 4
    parts = [b"II*\0" + struct.pack("<I", 24) + bytes(16)]
    for number in range(pages):
        following = 24 + (number + 1) * size if number + 1 < pages else 0
        tags = [
            (256, 4, 1, width),
            (257, 4, 1, height),
            (258, 3, 1, 8),
            (259, 3, 1, 1),
            (262, 3, 1, 1),
            (273, 4, 1, 8),
            (277, 3, 1, 1),
            (278, 4, 1, height),
            (279, 4, 1, 16),
        ]
        parts.append(_directory(tags, following))
    return b"".join(parts)


def icc_profile(primaries: Sequence[tuple[float, float]], gamma: float) -> bytes:
    """A matrix profile of RGB with the white of D65, as ICC.1:2010 lays it out. ``primaries``: x and y of red, green, blue."""

    def tag_xyz(values: Sequence[float]) -> bytes:
        return b"XYZ \0\0\0\0" + b"".join(struct.pack(">i", round(value * 65536)) for value in values)

    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256)) + b"\0\0"
    text = b"sample\0"
    name = b"desc\0\0\0\0" + struct.pack(">I", len(text)) + text + bytes(80)
    red, green, blue = _adapted(primaries)
    tags = {
        b"desc": name + bytes(-len(name) % 4),
        b"cprt": b"text\0\0\0\0none\0\0\0\0",
        b"wtpt": tag_xyz((0.9642, 1.0, 0.8249)),
        b"rXYZ": tag_xyz(red),
        b"gXYZ": tag_xyz(green),
        b"bXYZ": tag_xyz(blue),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    start = 128 + 4 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    for tag, content in tags.items():
        table += tag + struct.pack(">II", start + len(body), len(content))
        body += content
    head = struct.pack(">I4sI4s4s4s", start + len(body), b"none", 0x02400000, b"mntr", b"RGB ", b"XYZ ")
    head += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + bytes(28)
    head += b"".join(struct.pack(">i", round(value * 65536)) for value in (0.9642, 1.0, 0.8249))
    return head.ljust(128, b"\0") + table + body


def _adapted(primaries: Sequence[tuple[float, float]]) -> list[list[float]]:
    """XYZ of the primaries with the white of D65, adapted to D50 by Bradford's matrix (as every profile of a phone)."""
    bradford = [
        [1.0478112, 0.0228866, -0.0501270],
        [0.0295424, 0.9904844, -0.0170491],
        [-0.0092345, 0.0150436, 0.7521316],
    ]
    white = (0.95047, 1.0, 1.08883)
    columns = [[x / y, 1.0, (1 - x - y) / y] for x, y in primaries]
    shares = _solved(columns, white)
    scaled = [[part * share for part in column] for column, share in zip(columns, shares, strict=True)]
    return [[sum(row[k] * column[k] for k in range(3)) for row in bradford] for column in scaled]


def _solved(columns: list[list[float]], target: Sequence[float]) -> list[float]:
    """Cramer's rule: how much of each column makes the target."""

    def determinant(a: Sequence[float], b: Sequence[float], c: Sequence[float]) -> float:
        return (
            a[0] * (b[1] * c[2] - b[2] * c[1])
            - b[0] * (a[1] * c[2] - a[2] * c[1])
            + c[0] * (a[1] * b[2] - a[2] * b[1])
        )

    whole = determinant(*columns)
    return [determinant(*[target if k == n else columns[k] for k in range(3)]) / whole for n in range(3)]


SRGB = ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06))
DISPLAY_P3 = ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060))
ADOBE_RGB = ((0.64, 0.33), (0.21, 0.71), (0.15, 0.06))


FORMS = ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF"]
WHOLE = {form: saved(Image.linear_gradient("L").resize((90, 60)).convert("RGB"), form) for form in FORMS}
