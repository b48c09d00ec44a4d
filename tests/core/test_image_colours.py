# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What phones, scanners and programs save comes out upright, in the right colours, and without what they wrote into it."""

from __future__ import annotations

import random
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from arengo.core.images import Drawn, Format, Picture, Rendition, open_picture
from tests.core.hostile_pictures import ADOBE_RGB, DISPLAY_P3, SRGB, icc_profile, saved

SMALL = Rendition(side=400, most_bytes=2_000_000)
EXACT = Rendition(side=400, most_bytes=2_000_000, form="PNG")
Colour = tuple[int, ...]


def seen(drawn: Drawn) -> Image.Image:
    return Image.open(BytesIO(drawn.content))


def opened(content: bytes, rendition: Rendition = EXACT) -> Picture:
    return open_picture(content, rendition)


def colour(content: bytes, place: tuple[int, int] = (10, 10)) -> Colour:
    """Of one pixel, as red, green, blue and how opaque."""
    pixel = seen(opened(content).drawn[0]).convert("RGBA").getpixel(place)
    assert isinstance(pixel, tuple)
    return tuple(int(part) for part in pixel)


def near(found: Colour, wanted: Colour, by: int = 3) -> bool:
    return all(abs(one - other) <= by for one, other in zip(found, wanted, strict=False))


def corners() -> Image.Image:
    """60 × 40: red where it begins, blue at the other end of its first row."""
    image = Image.new("RGB", (60, 40), "white")
    image.paste("red", (0, 0, 20, 20))
    image.paste("blue", (40, 0, 60, 20))
    return image


TURNS = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_stands_upright_however_the_camera_was_held(form: str, orientation: int) -> None:
    turn = TURNS[orientation]
    lying = corners().transpose(turn) if turn is not None else corners()
    exif = Image.Exif()
    exif[0x0112] = orientation
    options: dict[str, Any] = {"lossless": True} if form == "WEBP" else {}
    picture = opened(saved(lying, form, exif=exif, **options))
    assert (picture.width, picture.height) == (60, 40)
    upright = seen(picture.drawn[0]).convert("RGB")
    assert upright.size == (60, 40)
    assert near(upright.getpixel((10, 10)), (255, 0, 0), by=12)  # type: ignore[arg-type]  # three bands
    assert near(upright.getpixel((50, 10)), (0, 0, 255), by=12)  # type: ignore[arg-type]


def test_a_photo_of_an_iphone_stands_upright_in_the_right_colours() -> None:
    """HEIC: the container says how it lies, EXIF repeats that, and must not turn it once more; the colours are Display P3."""
    exif = Image.Exif()
    exif[0x0112] = 6
    profile = icc_profile(DISPLAY_P3, 2.2)
    picture = opened(saved(corners(), "HEIF", exif=exif.tobytes(), icc_profile=profile, quality=90))
    assert picture.form is Format.HEIF
    assert (picture.width, picture.height) == (40, 60)
    upright = seen(picture.drawn[0]).convert("RGB")
    assert upright.size == (40, 60)
    assert near(upright.getpixel((35, 5)), (255, 0, 0), by=12)  # type: ignore[arg-type]  # three bands


@pytest.mark.parametrize(
    ("primaries", "gamma", "stored", "meant"),
    [
        # sRGB's own colours as the wider space writes them (calculated from the primaries, gamma 2.2 throughout).
        (DISPLAY_P3, 2.2, (234, 51, 35), (255, 0, 0)),
        (DISPLAY_P3, 2.2, (117, 251, 76), (0, 255, 0)),
        (ADOBE_RGB, 2.2, (219, 0, 0), (255, 0, 0)),
        (SRGB, 2.2, (200, 100, 50), (200, 100, 50)),
    ],
)
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF", "HEIF", "AVIF"])
def test_wide_colours_become_those_that_every_screen_shows(
    form: str, primaries: Any, gamma: float, stored: Colour, meant: Colour
) -> None:
    options = {"lossless": True} if form == "WEBP" else {} if form in ("PNG", "TIFF") else {"quality": 95}
    content = saved(
        Image.new("RGB", (64, 64), stored), form, icc_profile=icc_profile(primaries, gamma), **options
    )
    assert near(colour(content), meant, by=14)


def test_a_broken_profile_says_nothing() -> None:
    content = saved(Image.new("RGB", (20, 20), (10, 200, 30)), "PNG", icc_profile=b"no profile at all")
    assert near(colour(content), (10, 200, 30, 255))


def test_a_profile_of_another_space_says_nothing() -> None:
    content = saved(Image.new("CMYK", (20, 20), (0, 255, 255, 0)), "TIFF", icc_profile=icc_profile(SRGB, 2.2))
    assert near(colour(content), (255, 0, 0, 255))


def test_transparency_survives_a_profile() -> None:
    image = Image.new("RGBA", (20, 20), (234, 51, 35, 128))
    assert near(
        colour(saved(image, "PNG", icc_profile=icc_profile(DISPLAY_P3, 2.2))), (255, 0, 0, 128), by=14
    )


@pytest.mark.parametrize("form", ["PNG", "TIFF"])
@pytest.mark.parametrize(("deep", "grey"), [(0, 0), (255, 1), (12850, 50), (32896, 128), (65535, 255)])
def test_grey_of_16_bits_keeps_its_shades(form: str, deep: int, grey: int) -> None:
    content = saved(Image.new("I;16", (20, 20), deep), form)
    assert near(colour(content), (grey, grey, grey, 255), by=1)


def test_grey_of_16_bits_keeps_its_shades_when_it_is_made_smaller() -> None:
    content = saved(Image.new("I;16", (3000, 2000), 32896), "PNG")
    assert near(colour(content), (128, 128, 128, 255), by=1)


@pytest.mark.parametrize(("value", "grey"), [(0.0, 0), (0.5, 128), (1.0, 255)])
def test_grey_in_fractions_keeps_its_shades(value: float, grey: int) -> None:
    assert near(colour(saved(Image.new("F", (20, 20), value), "TIFF")), (grey, grey, grey), by=1)


@pytest.mark.parametrize("form", ["JPEG", "TIFF"])
def test_colours_of_print_are_not_inverted(form: str) -> None:
    assert near(colour(saved(Image.new("CMYK", (64, 64), (0, 255, 255, 0)), form)), (255, 0, 0, 255), by=8)


def test_a_palette_with_a_transparent_colour_keeps_it() -> None:
    image = Image.new("P", (40, 40), 1)
    image.putpalette([0, 0, 0, 250, 10, 20])
    image.paste(0, (0, 0, 20, 20))
    for form in ("PNG", "GIF"):
        content = saved(image, form, transparency=0)
        assert colour(content)[3] == 0
        assert near(colour(content, (30, 30)), (250, 10, 20, 255))
        assert opened(content, SMALL).drawn[0].mime_type == "image/png"


@pytest.mark.parametrize(
    ("mode", "value", "meant"),
    [
        ("1", 1, (255, 255, 255, 255)),
        ("L", 90, (90, 90, 90, 255)),
        ("LA", (90, 40), (90, 90, 90, 40)),
        ("RGBA", (1, 2, 3, 200), (1, 2, 3, 200)),
    ],
)
def test_other_modes_come_out_as_they_are(mode: str, value: Any, meant: Colour) -> None:
    assert near(colour(saved(Image.new(mode, (20, 20), value), "PNG")), meant)


@pytest.mark.parametrize(("mode", "see_through"), [("L", 90), ("RGB", (9, 8, 7))])
def test_one_colour_that_counts_as_transparent_is(mode: str, see_through: Any) -> None:
    assert colour(saved(Image.new(mode, (20, 20), see_through), "PNG", transparency=see_through))[3] == 0


def test_what_is_transparent_is_white_where_only_a_jpeg_will_do() -> None:
    flat = Rendition(side=100, most_bytes=500_000, form="JPEG")
    drawn = open_picture(saved(Image.new("RGBA", (50, 50), (0, 0, 0, 0)), "PNG"), flat).drawn[0]
    assert drawn.mime_type == "image/jpeg"
    assert near(seen(drawn).getpixel((5, 5)), (255, 255, 255))  # type: ignore[arg-type]  # three bands


def test_an_opaque_picture_with_a_transparent_channel_becomes_a_jpeg() -> None:
    assert opened(saved(Image.new("RGBA", (50, 50), (5, 5, 5, 255)), "PNG"), SMALL).drawn[0].suffix == ".jpg"


def test_of_two_pictures_in_one_jpeg_the_first_counts_and_nobody_is_asked() -> None:
    """MPO: phones keep a second view or the brightness for bright screens there."""
    content = saved(corners(), "MPO", save_all=True, append_images=[Image.new("RGB", (60, 40), "lime")])
    picture = opened(content)
    assert (picture.form, picture.several) == (Format.JPEG, False)
    assert near(colour(content, (50, 10)), (0, 0, 255), by=12)


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG", "TIFF", "AVIF", "HEIF"])
def test_of_an_animation_or_of_pages_the_first_is_drawn_and_it_is_told(form: str) -> None:
    others = [Image.new("RGB", (60, 40), "lime"), Image.new("RGB", (60, 40), "navy")]
    content = saved(corners(), form, save_all=True, append_images=others)
    picture = opened(content)
    assert picture.several
    assert picture.form.moves is (form not in ("TIFF", "HEIF"))
    assert near(colour(content, (50, 10)), (0, 0, 255), by=12)


def test_nothing_that_a_camera_or_a_program_wrote_survives() -> None:
    exif = Image.Exif()
    exif[0x010E] = "Via Segreta 1"
    exif.get_ifd(0x8825)[2] = (43.0, 46.0, 0.0)
    secret = b"Via Segreta 1"
    jpeg = saved(
        corners(), "JPEG", exif=exif, comment=secret, icc_profile=icc_profile(SRGB, 2.2), dpi=(71, 71)
    )
    for form in ("WEBP", "PNG", "TIFF", "AVIF", "HEIF"):
        assert secret not in opened(saved(corners(), form, exif=exif)).drawn[0].content
    for rendition in (SMALL, EXACT):
        drawn = opened(jpeg, rendition).drawn[0]
        assert secret not in drawn.content
        image = seen(drawn)
        assert not image.getexif()
        assert not {"comment", "icc_profile", "exif", "xmp", "photoshop"} & set(image.info)


def test_each_rendition_is_as_small_as_was_asked() -> None:
    noise = Image.frombytes("RGB", (900, 600), random.Random(8).randbytes(900 * 600 * 3))
    content = saved(noise, "PNG")
    large, small, light = open_picture(
        content,
        Rendition(side=700, most_bytes=2_000_000),
        Rendition(side=90, most_bytes=100_000),
        Rendition(side=900, most_bytes=60_000),
    ).drawn
    assert (large.width, large.height) == (700, 467)
    assert (small.width, small.height) == (90, 60)
    assert seen(small).size == (90, 60)
    assert len(light.content) <= 60_000


def test_no_picture_is_made_larger() -> None:
    picture = opened(saved(corners(), "PNG"), Rendition(side=4000, most_bytes=500_000))
    assert seen(picture.drawn[0]).size == (60, 40)
