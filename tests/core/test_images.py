# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pictures that mean harm: each one is refused by name, and whoever opened it feels nothing."""

from __future__ import annotations

import subprocess
import time
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from PIL import Image

from arengo.core import images
from arengo.core.images import (
    DamagedPicture,
    Format,
    NotAPicture,
    Picture,
    PictureRefused,
    PictureTooHeavy,
    PictureTooLarge,
    Rendition,
    TooNarrow,
    must_be_seen_whole,
    open_picture,
    opening,
)
from tests.core.hostile_pictures import (
    FORMS,
    WHOLE,
    bmp_of_size,
    chunk,
    flat_png,
    gif_of_size,
    jpeg_of_size,
    png,
    resident,
    saved,
    tiff,
    webp_of_size,
)

SMALL = Rendition(side=480, most_bytes=1_000_000)


def drawn_or_refused(content: bytes) -> Picture | PictureRefused:
    """Anything else that is raised fails the test."""
    try:
        return open_picture(content, SMALL)
    except PictureRefused as refused:
        return refused


def has_words(answer: Picture | PictureRefused) -> bool:
    return isinstance(answer, Picture) or bool(answer.words)


# --- the format -------------------------------------------------------------------------------------------------

FOREIGN = {
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/tmp/x) (w) file\n",
    "eps with a preview": bytes.fromhex("c5d0d3c6") + bytes(60),
    "pdf": b"%PDF-1.7\n" + bytes(60),
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "xml": b"<?xml version='1.0'?><svg/>" + bytes(40),
    "psd": b"8BPS\0\1" + bytes(60),
    "ico": b"\0\0\1\0\1\0" + bytes(60),
    "icns": b"icns" + bytes(60),
    "jpeg 2000": b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(60),
    "ppm": b"P6\n9999 9999\n255\n" + bytes(60),
    "pcx": b"\x0a\5\1\10" + bytes(60),
    "tga": bytes(18) + b"TRUEVISION-XFILE.\0",
    "fli": bytes(4) + b"\x11\xaf" + bytes(60),
    "wmf": b"\xd7\xcd\xc6\x9a" + bytes(60),
    "qoi": b"qoif" + bytes(60),
    "dds": b"DDS " + bytes(60),
    "mpeg": b"\0\0\1\xb3" + bytes(60),
    "mp4": b"\0\0\0\x18ftypisom" + bytes(40),
    "text that begins like a bitmap": b"BMW e altre automobili in sosta vietata, via Roma",
    "html": b"<script>alert(1)</script>",
    "nothing": b"",
    "a letter": b"x",
}


@pytest.mark.parametrize("content", FOREIGN.values(), ids=FOREIGN)
def test_other_formats_reach_no_decoder(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "Popen", lambda *_args, **_options: pytest.fail("a process was started"))
    for whole in (content, BytesIO(content)):
        with pytest.raises(NotAPicture):
            open_picture(whole, SMALL)


@pytest.mark.parametrize(
    "form", ["EPS", "PDF", "ICO", "PPM", "TGA", "PCX", "SGI", "DIB", "ICNS", "JPEG2000", "QOI", "DDS"]
)
def test_what_pillow_writes_in_other_formats_is_not_opened(form: str) -> None:
    image = Image.new("RGB", (32, 32), "red")
    with pytest.raises(NotAPicture):
        open_picture(saved(image, form), SMALL)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF"])
def test_the_content_tells_the_format(form: str) -> None:
    content = saved(Image.new("RGB", (64, 48), "red"), form)
    picture = open_picture(BytesIO(content), SMALL)
    assert picture.form is Format[form]
    assert (picture.width, picture.height, picture.several) == (64, 48, False)
    with pytest.raises(NotAPicture):
        open_picture(content, SMALL, among=images.ALL - {Format[form]})


def test_a_decoder_gets_its_own_format_only() -> None:
    """A GIF by its first bytes, an EPS behind them: the decoder of GIF alone looks at it."""
    with pytest.raises(DamagedPicture):
        open_picture(b"GIF89a" + FOREIGN["eps"], SMALL)


# --- too much ---------------------------------------------------------------------------------------------------

BOMBS: dict[str, Callable[[], bytes]] = {
    "png of the attack": lambda: flat_png(8940),
    "png header": lambda: png(2**31 - 1, 2**31 - 1),
    "png long": lambda: png(2**31 - 1, 1),
    "jpeg": lambda: jpeg_of_size(65500, 65500),
    "webp": lambda: webp_of_size(16383, 16383),
    "webp larger than any": lambda: webp_of_size(2**24, 2**24),
    "gif": lambda: gif_of_size(65535, 65535),
    "bmp": lambda: bmp_of_size(2**31 - 1, 2**31 - 1),
    "tiff": lambda: tiff(2**32 - 1, 2**32 - 1),
    "tiff of a town": lambda: tiff(40_000, 40_000),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_told_by_its_header(name: str) -> None:
    content = BOMBS[name]()
    before = resident()
    with pytest.raises(PictureRefused) as refused:
        open_picture(content, SMALL)
    assert isinstance(refused.value, PictureTooLarge | DamagedPicture)
    assert refused.value.words
    assert resident() - before < 100 * 1024 * 1024


def test_the_picture_of_the_attack_three_times_leaves_the_worker_as_it_was(
    record_property: Callable[[str, object], None],
) -> None:
    """8940 × 8940: it took 570 MB each time, which stayed."""
    content = flat_png(8940)
    assert len(content) < 350_000
    before = resident()
    for _time in range(3):
        with pytest.raises(PictureTooLarge, match="too many pixels") as refused:
            open_picture(content, SMALL)
    grown = (resident() - before) / 1024 / 1024
    print(f"three times 8940 × 8940: {before / 1024 / 1024:.0f} MB before, {grown:+.0f} MB after")
    record_property("grown_mb", grown)
    assert (refused.value.width, refused.value.height) == (8940, 8940)
    assert "8.940 × 8.940" in refused.value.words
    assert grown < 100


def test_what_just_fits_is_drawn_and_leaves_nothing_behind() -> None:
    contents = [
        flat_png(8000),
        saved(Image.new("P", (8940, 8940)), "PNG"),
        saved(Image.new("1", (15000, 15000)), "PNG"),
    ]
    before = resident()
    for content in contents:
        picture = open_picture(content, SMALL)
        assert picture.drawn[0].width == 480
    assert resident() - before < 100 * 1024 * 1024


def test_a_large_jpeg_is_decoded_smaller() -> None:
    """108 million points, as some phones take: whole they would have 432 MB."""
    content = saved(Image.new("L", (12000, 9000), 90), "JPEG")
    picture = open_picture(content, SMALL)
    assert (picture.width, picture.height) == (12000, 9000)
    assert (picture.drawn[0].width, picture.drawn[0].height) == (480, 360)


def test_a_progressive_jpeg_counts_whole() -> None:
    """Its decoder keeps every coefficient, however small the result."""
    whole = bytearray(saved(Image.new("RGB", (64, 64)), "JPEG", progressive=True))
    place = whole.index(b"\xff\xc2") + 5
    whole[place : place + 4] = (18_000).to_bytes(2, "big") * 2
    with pytest.raises(PictureTooLarge):
        open_picture(bytes(whole), SMALL)


def test_a_file_that_is_too_heavy_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "MOST_BYTES", 1000)
    for content in (flat_png(600), BytesIO(flat_png(600))):
        with pytest.raises(PictureTooHeavy):
            open_picture(content, SMALL)


def test_what_cannot_be_written_small_enough_is_refused() -> None:
    with pytest.raises(PictureTooHeavy):
        open_picture(saved(Image.new("RGB", (500, 500)), "PNG"), Rendition(side=480, most_bytes=20))


HIDDEN: dict[str, Callable[[], bytes]] = {
    "text": lambda: chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(50_000_000), 9)),
    "many texts": lambda: b"".join(
        chunk(b"zTXt", b"c\0\0" + zlib.compress(bytes(900_000), 9)) for _n in range(200)
    ),
    "colour profile": lambda: chunk(b"iCCP", b"p\0\0" + zlib.compress(bytes(50_000_000), 9)),
    "text of the world": lambda: chunk(b"iTXt", b"c\0\1\0\0\0" + zlib.compress(bytes(50_000_000), 9)),
}


@pytest.mark.parametrize("hidden", HIDDEN)
def test_what_a_png_hides_beside_its_pixels_does_no_harm(hidden: str) -> None:
    content = png(8, 8, HIDDEN[hidden](), data=bytes(8 * (1 + 8 * 3)))
    before = resident()
    assert has_words(drawn_or_refused(content))
    assert resident() - before < 100 * 1024 * 1024


def test_a_point_with_half_a_gigabyte_behind_it_is_a_point() -> None:
    packer = zlib.compressobj(9)
    body = b"".join([*(packer.compress(bytes(10_000_000)) for _n in range(50)), packer.flush()])
    whole = png(1, 1, chunk(b"IDAT", body))
    assert has_words(drawn_or_refused(whole))


@pytest.mark.parametrize("form", ["50,000 frames", "100,000 pages"])
def test_pages_without_end_are_not_counted(form: str) -> None:
    content = tiff(4, 4, pages=100_000) if "pages" in form else gif_of_size(10, 10, frames=50_000)
    began = time.monotonic()
    picture = open_picture(content, SMALL)
    assert picture.several
    assert time.monotonic() - began < 20


def test_pages_that_lead_back_to_themselves_end() -> None:
    content = bytearray(tiff(4, 4, pages=1))
    content[-4:] = (24).to_bytes(4, "little")  # the page after the first is the first
    assert has_words(drawn_or_refused(bytes(content)))


# --- damaged ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_a_file_that_was_cut_off_is_refused_by_name(form: str) -> None:
    content = WHOLE[form]
    for length in (33, len(content) // 4, len(content) // 2):
        with pytest.raises(DamagedPicture, match="damaged") as refused:
            open_picture(content[:length], SMALL)
        assert "rovinata" in refused.value.words


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    form=st.sampled_from(FORMS),
    changes=st.lists(st.tuples(st.integers(0, 700), st.integers(0, 255)), min_size=1, max_size=12),
    cut=st.one_of(st.none(), st.integers(0, 700)),
)
def test_whatever_stands_in_a_file_the_answer_has_a_name(
    form: str, changes: list[tuple[int, int]], cut: int | None
) -> None:
    content = bytearray(WHOLE[form])
    for place, value in changes:
        content[place % len(content)] = value
    answer = drawn_or_refused(bytes(content[:cut]))
    assert has_words(answer)
    if isinstance(answer, Picture):
        [drawn] = answer.drawn
        assert Image.open(BytesIO(drawn.content)).size == (drawn.width, drawn.height)


# --- what a phone shows -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(200, 8000), (8000, 200), (1080, 43_200), (30, 1200), (1080, 6480)])
def test_a_strip_that_nobody_can_read_is_told(size: tuple[int, int]) -> None:
    picture = open_picture(saved(Image.new("L", size), "PNG"), Rendition(side=1600, most_bytes=1_000_000))
    with pytest.raises(TooNarrow) as refused:
        must_be_seen_whole(picture)
    assert "sul telefono non si leggerebbe" in refused.value.words


@pytest.mark.parametrize(
    "size", [(1080, 2400), (1920, 300), (1000, 1000), (1080, 4320), (4032, 3024), (9000, 3000), (1, 1)]
)
def test_screens_panoramas_and_banners_are_fine(size: tuple[int, int]) -> None:
    must_be_seen_whole(
        open_picture(saved(Image.new("L", size), "PNG"), Rendition(side=1600, most_bytes=1_000_000))
    )


@pytest.mark.parametrize(
    ("form", "words"), [("GIF", "animata"), ("PNG", "animata"), ("WEBP", "animata"), ("TIFF", "più pagine")]
)
def test_what_moves_or_has_pages_is_told(form: str, words: str) -> None:
    other: Any = [Image.new("RGB", (60, 40), "navy")]
    content = saved(Image.new("RGB", (60, 40), "red"), form, save_all=True, append_images=other)
    with pytest.raises(PictureRefused) as refused:
        must_be_seen_whole(open_picture(content, SMALL))
    assert words in refused.value.words


def test_the_preview_of_a_scan_is_no_second_page() -> None:
    content = bytearray(tiff(4, 4, pages=2))
    second = 24 + 2 + 9 * 12 + 4 + 2
    content[second + 3 * 12 : second + 4 * 12] = (
        (254).to_bytes(2, "little") + (4).to_bytes(2, "little") + b"\1\0\0\0\1\0\0\0"
    )
    assert not open_picture(bytes(content), SMALL).several
