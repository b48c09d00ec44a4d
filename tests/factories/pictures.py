# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pictures, drawn here: no photograph of anybody."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image, ImageDraw


def picture(
    size: tuple[int, int] = (64, 48), form: str = "JPEG", colour: str = "teal", **options: Any
) -> bytes:
    """Of one colour. ``options`` are Pillow's for this form."""
    return _written(Image.new("RGB", size, colour), form, **options)


def market_square(
    size: tuple[int, int] = (1200, 630), form: str = "JPEG", exif: Image.Exif | None = None
) -> bytes:
    """Five stalls in front of the town hall."""
    drawn = Image.new("RGB", size, "#cfe3d8")
    draw = ImageDraw.Draw(drawn)
    draw.rectangle((0, size[1] * 2 // 3, *size), fill="#7a9a86")
    for stall in range(5):
        left = size[0] * stall // 5 + 20
        draw.rectangle((left, size[1] // 2, left + size[0] // 7, size[1] * 4 // 5), fill="#b4552d")
    return _written(drawn, form, **({"exif": exif} if exif else {}))


def _written(image: Image.Image, form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()
