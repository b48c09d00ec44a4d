# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pictures for tests, drawn here: no photograph of anybody."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw


def picture(size: tuple[int, int] = (1200, 630), kind: str = "JPEG", exif: Image.Exif | None = None) -> bytes:
    drawn = Image.new("RGB", size, "#cfe3d8")
    pen = ImageDraw.Draw(drawn)
    pen.rectangle((0, size[1] * 2 // 3, *size), fill="#7a9a86")
    for stall in range(5):
        left = size[0] * stall // 5 + 20
        pen.rectangle((left, size[1] // 2, left + size[0] // 7, size[1] * 4 // 5), fill="#b4552d")
    written = BytesIO()
    drawn.save(written, kind, **({"exif": exif} if exif else {}))
    return written.getvalue()
