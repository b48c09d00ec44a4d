# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The example image with which photo templates are presented for approval: plainly an example, drawn here."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw  # noqa: TID251  # it draws, and opens nothing


def sample_picture() -> bytes:
    """A JPEG of 800 × 418 pixels, the shape in which phones show the image of a message."""
    picture = Image.new("RGB", (800, 418), "#0f5f6b")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((60, 250, 740, 418), fill="#e8e2d4")
    for left in range(100, 700, 150):
        draw.rounded_rectangle((left, 290, left + 80, 418), radius=40, fill="#0f5f6b")
    draw.polygon(((60, 250), (400, 110), (740, 250)), fill="#c9583e")
    draw.text((400, 60), "ESEMPIO", fill="#ffffff", font_size=56, anchor="mm")
    written = BytesIO()
    picture.save(written, "JPEG", quality=88)
    return written.getvalue()
