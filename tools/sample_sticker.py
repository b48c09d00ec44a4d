# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Draws the sticker of the demo, ``src/arengo_sandbox/sticker.webp``: a sun that smiles.

.venv/bin/python tools/sample_sticker.py
"""

from __future__ import annotations

import math
from pathlib import Path

from PIL import Image, ImageDraw  # noqa: TID251  # it draws, and opens nothing

FILE = Path(__file__).parent.parent / "src" / "arengo_sandbox" / "sticker.webp"
SIDE = 512  # pixels: what WhatsApp asks of a sticker


def sun() -> Image.Image:
    """Twice as large, so that its edges come out smooth."""
    side, middle = SIDE * 2, SIDE
    picture = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    for number in range(12):
        at = math.tau * number / 12
        tip = [(middle + 490 * math.cos(at), middle + 490 * math.sin(at))]
        foot = [
            (middle + 360 * math.cos(at + side_), middle + 360 * math.sin(at + side_))
            for side_ in (-0.16, 0.16)
        ]
        draw.polygon(tip + foot, fill="#f2a33a")
    draw.ellipse((middle - 320, middle - 320, middle + 320, middle + 320), fill="#ffd34f")
    for x in (-120, 120):
        draw.ellipse((middle + x - 38, middle - 130, middle + x + 38, middle - 30), fill="#4a3520")
    draw.arc((middle - 180, middle - 120, middle + 180, middle + 190), 25, 155, fill="#4a3520", width=34)
    return picture.resize((SIDE, SIDE))


if __name__ == "__main__":
    sun().save(FILE, "WEBP", quality=80, method=6)
    print(f"{FILE}: {FILE.stat().st_size:,} bytes")
