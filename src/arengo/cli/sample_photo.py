# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a sample citizen photographed: drawn here, and no place that there is."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw  # noqa: TID251  # it draws, and opens nothing


def square(sky: str, ground: str) -> bytes:
    """A JPEG of three houses on a square; colours as «#rrggbb»."""
    picture = Image.new("RGB", (960, 720), sky)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 430, 960, 720), fill=ground)
    for left in (80, 370, 660):
        draw.rectangle((left, 250, left + 220, 470), fill="#e8e2d4")
        draw.polygon(((left - 20, 250), (left + 110, 150), (left + 240, 250)), fill="#c9583e")
        draw.rectangle((left + 85, 350, left + 135, 470), fill="#0f5f6b")
    draw.text((480, 620), "FOTO DI ESEMPIO", fill="#ffffff", font_size=48, anchor="mm")
    written = BytesIO()
    picture.save(written, "JPEG", quality=80)
    return written.getvalue()
