# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The image: what phones take, and nothing that the camera wrote."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from arengo.newsroom.pictures import UnfitImage, fit, mime_type, most_bytes
from tests.factories.pictures import market_square


def test_metadata_does_not_survive() -> None:
    exif = Image.Exif()
    exif[0x010E] = "Scattata in via Segreta 1"
    exif.get_ifd(0x8825)[2] = (43.0, 46.0, 0.0)
    original = market_square(exif=exif)
    assert b"via Segreta" in original
    kept = fit(ContentFile(original, name="foto.jpg")).read()
    assert b"via Segreta" not in kept
    assert not Image.open(BytesIO(kept)).getexif()


def test_a_photo_taken_sideways_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    kept = Image.open(fit(ContentFile(market_square((400, 200), exif=exif), name="foto.jpg")))
    assert kept.size == (200, 400)


def test_a_large_photo_becomes_as_large_as_a_screen() -> None:
    kept = Image.open(fit(ContentFile(market_square((4000, 3000)), name="foto.jpg")))
    assert max(kept.size) == 1600


def test_a_transparent_png_stays_one_and_an_opaque_one_becomes_a_jpeg() -> None:
    def png(image: Image.Image) -> ContentFile[bytes]:
        written = BytesIO()
        image.save(written, "PNG")
        return ContentFile(written.getvalue(), name="stemma.png")

    clear = fit(png(Image.new("RGBA", (50, 50), (10, 20, 30, 0))))
    opaque = fit(png(Image.new("RGBA", (50, 50), (10, 20, 30, 255))))
    assert (mime_type(clear.name or ""), mime_type(opaque.name or "")) == ("image/png", "image/jpeg")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a picture",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        market_square()[:300],
    ],
    ids=["empty", "text", "svg", "cut"],
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(UnfitImage, match="JPEG o PNG"):
        fit(ContentFile(content, name="foto.jpg"))


def test_a_heavy_file_is_refused_with_its_weight() -> None:
    with pytest.raises(UnfitImage, match=r"5,0 MB|5,1 MB"):
        fit(ContentFile(market_square() + b"\0" * most_bytes(), name="foto.jpg"))


def test_a_bomb_is_refused_before_it_is_opened() -> None:
    written = BytesIO()
    Image.new("1", (30_000, 30_000)).save(written, "PNG")
    with pytest.raises(UnfitImage):
        fit(ContentFile(written.getvalue(), name="bomba.png"))
