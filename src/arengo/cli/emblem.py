# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The emblem of the sample Comune: drawn here, and nobody's real one."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw  # noqa: TID251  # it draws, and opens nothing

_SIZE, _SCALE = 320, 4  # drawn four times as large, so that its edges come out smooth


def emblem() -> bytes:
    """A PNG: a shield with a bell tower, on nothing."""
    side = _SIZE * _SCALE
    picture = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    unit = side / 100

    def at(*points: tuple[float, float]) -> list[tuple[float, float]]:
        return [(x * unit, y * unit) for x, y in points]

    shield = [(14, 8), (86, 8), (86, 52), (78, 72), (64, 86), (50, 94), (36, 86), (22, 72), (14, 52)]
    draw.polygon(at(*shield), fill="#ffffff")
    inner = [(18, 12), (82, 12), (82, 51), (75, 69), (62, 82), (50, 89), (38, 82), (25, 69), (18, 51)]
    draw.polygon(at(*inner), fill="#0f5f6b")
    draw.polygon(at((50, 18), (63, 32), (37, 32)), fill="#e8e2d4")
    draw.rectangle(at((40, 32), (60, 78)), fill="#e8e2d4")
    draw.pieslice(at((44, 38), (56, 54)), 180, 360, fill="#0f5f6b")
    draw.rectangle(at((44, 46), (56, 52)), fill="#0f5f6b")
    draw.ellipse(at((47, 43), (53, 51)), fill="#c9583e")
    draw.rectangle(at((46, 66), (54, 78)), fill="#0f5f6b")
    written = BytesIO()
    picture.resize((_SIZE, _SIZE), Image.Resampling.LANCZOS).save(written, "PNG", optimize=True)
    return written.getvalue()
