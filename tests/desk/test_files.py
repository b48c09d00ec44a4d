# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files are judged by what is in them."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from arengo.core.images import PictureTooLarge
from arengo.desk import photos
from arengo.desk.files import JUDGED, NotSendable, judge, prepare
from arengo.desk.photos import fit_to_send, thumbnail
from arengo.platforms.whatsapp.platform import WhatsApp
from tests.core.hostile_pictures import saved
from tests.factories.desk import upload
from tests.factories.pictures import picture

WHATSAPP = WhatsApp()
GPS = 0x8825  # the EXIF folder that says where


def photo_with_place() -> bytes:
    exif = Image.Exif()
    exif[GPS] = {1: "N", 2: (43.0, 46.0, 0.0)}
    exif[0x0112] = 6  # held upright: turn it by 90 degrees
    return picture((80, 40), exif=exif)


def several(form: str) -> bytes:
    frames = [Image.new("RGB", (40, 40), "navy"), Image.new("RGB", (40, 40), "lime")]
    return saved(Image.new("RGB", (40, 40), "red"), form, save_all=True, append_images=frames)


def office(folder: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(f"{folder}document.xml", "<document/>")
    return out.getvalue()


def test_a_photo_leaves_without_the_place_where_it_was_taken() -> None:
    prepared = prepare(upload("piazza.jpg", photo_with_place()), WHATSAPP)
    image = Image.open(io.BytesIO(prepared.content.read()))
    assert not image.getexif()
    assert image.size == (40, 80)
    assert (prepared.kind, prepared.mime_type, prepared.filename) == ("image", "image/jpeg", "piazza.jpg")


@pytest.mark.parametrize("form", ["WEBP", "GIF", "BMP", "TIFF"])
def test_photos_that_the_platform_does_not_take_become_jpeg(form: str) -> None:
    prepared = prepare(upload(f"foto.{form.lower()}", picture(form=form)), WHATSAPP)
    assert (prepared.mime_type, prepared.filename) == ("image/jpeg", "foto.jpg")


def test_a_transparent_picture_stays_png() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(out, "PNG")
    assert prepare(upload("stemma.png", out.getvalue()), WHATSAPP).mime_type == "image/png"


def test_a_large_photo_is_made_to_fit() -> None:
    noise = Image.frombytes("RGB", (1600, 1600), random.Random(1).randbytes(1600 * 1600 * 3))
    out = io.BytesIO()
    noise.save(out, "PNG")
    photo, small = fit_to_send(out.getvalue(), most_bytes=1024 * 1024)
    assert len(photo.content) <= 1024 * 1024
    assert (photo.mime_type, small.mime_type) == ("image/jpeg", "image/jpeg")
    assert (small.width, small.height) == (480, 480)


def test_a_file_that_only_says_that_it_is_a_photo_is_refused() -> None:
    with pytest.raises(NotSendable, match=r"foto\.jpg"):
        prepare(upload("foto.jpg", b"<script>alert(1)</script>"), WHATSAPP)


def test_a_picture_that_would_unfold_to_fill_the_memory_is_refused() -> None:
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    with pytest.raises(PictureTooLarge):
        fit_to_send(out.getvalue(), most_bytes=WHATSAPP.sendable.image_most_bytes)
    with pytest.raises(PictureTooLarge):
        thumbnail(out.getvalue())
    with pytest.raises(NotSendable, match=r"«bomba\.png» non è partito.*20\.000 × 20\.000"):
        prepare(upload("bomba.png", out.getvalue()), WHATSAPP)


@pytest.mark.parametrize(
    ("name", "content", "mime_type"),
    [
        ("avviso.pdf", b"%PDF-1.7 x", "application/pdf"),
        ("con-bom.pdf", b"\xef\xbb\xbf%PDF-1.4 x", "application/pdf"),
        ("con-riga.pdf", b"\r\n\r\n%PDF-1.4 x", "application/pdf"),
        ("appunti.txt", "Lunedì".encode("utf-16"), "text/plain"),
        ("vecchio.doc", bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 20, "application/msword"),
        ("orari.txt", "Lunedì 9–13".encode(), "text/plain"),
        (
            "modulo.docx",
            office("word/"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (
            "conti.xlsx",
            office("xl/"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
    ],
)
def test_documents_that_the_platform_takes(name: str, content: bytes, mime_type: str) -> None:
    prepared = prepare(upload(name, content), WHATSAPP)
    assert (prepared.kind, prepared.mime_type, prepared.filename) == ("document", mime_type, name)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("programma.exe", b"MZ\x90\x00"),
        ("pagina.html", b"<html></html>"),
        ("disegno.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("falso.docx", b"PK\x03\x04 not an archive"),
        ("altro.docx", office("xl/")),
        ("binario.txt", b"abc\0def"),
        ("vuoto.pdf", b""),
    ],
)
def test_what_the_platform_would_refuse_is_refused_here_by_name(name: str, content: bytes) -> None:
    with pytest.raises(NotSendable, match=name.replace(".", r"\.")):
        prepare(upload(name, content), WHATSAPP)


def test_a_document_beyond_100_mb_is_refused() -> None:
    large = upload("tomo.pdf", b"%PDF-1.7 long enough")
    large.size = 100 * 1024**2 + 1
    with pytest.raises(NotSendable, match="100 MB"):
        prepare(large, WHATSAPP)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        (
            "lunga.png",
            lambda: saved(Image.new("L", (200, 8000)), "PNG"),
            "troppo lunga e stretta .200 × 8.000.*PDF",
        ),
        ("ballo.gif", lambda: several("GIF"), "animata"),
        ("ballo.webp", lambda: several("WEBP"), "animata"),
        ("stampa.eps", lambda: b"%!PS-Adobe-3.0 EPSF-3.0", "non è un’immagine"),
        ("foto.jpg", lambda: b"%!PS-Adobe-3.0 EPSF-3.0", "non è un’immagine"),
        ("disegno.svg", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG non sono accettati"),
        ("rotta.jpg", lambda: picture()[:300], "rovinata"),
    ],
)
def test_what_a_citizen_would_not_see_whole_is_told_before_it_is_sent(
    name: str, content: Callable[[], bytes], words: str
) -> None:
    with pytest.raises(NotSendable, match=f"«{re.escape(name)}».*{words}"):
        prepare(upload(name, content()), WHATSAPP)


def test_a_scan_of_several_pages_is_a_document_with_all_of_them() -> None:
    prepared = prepare(upload("pratica.tiff", several("TIFF")), WHATSAPP)
    content = prepared.content.read()
    assert (prepared.kind, prepared.mime_type, prepared.filename) == (
        "document",
        "application/pdf",
        "pratica.pdf",
    )
    assert content.startswith(b"%PDF-1.4")
    assert content.count(b"/Type /Page ") == 3
    assert content.count(b"\xff\xd8\xff") == 3
    assert prepared.size == len(content)


def test_a_scan_of_more_pages_than_are_drawn_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "_MOST_PAGES", 2)
    with pytest.raises(NotSendable, match=r"«pratica\.tif».*troppe pagine.*PDF"):
        prepare(upload("pratica.tif", several("TIFF")), WHATSAPP)


def test_a_photo_of_an_iphone_is_sent_as_jpeg_with_its_thumbnail() -> None:
    prepared = prepare(upload("IMG_0001.HEIC", saved(Image.new("RGB", (900, 600), "navy"), "HEIF")), WHATSAPP)
    assert (prepared.kind, prepared.mime_type, prepared.filename) == ("image", "image/jpeg", "IMG_0001.jpg")
    assert prepared.thumbnail is not None
    assert (prepared.thumbnail.width, prepared.thumbnail.height) == (480, 320)


def test_a_name_and_a_declared_type_decide_nothing() -> None:
    content = saved(Image.new("RGB", (20, 20)), "PNG")
    prepared = prepare(SimpleUploadedFile("relazione.pdf", content, "application/pdf"), WHATSAPP)
    assert (prepared.kind, prepared.mime_type) == ("image", "image/jpeg")


def test_a_text_that_begins_like_a_bitmap_is_a_text() -> None:
    assert prepare(upload("auto.txt", b"BMW in sosta vietata"), WHATSAPP).mime_type == "text/plain"


def test_an_archive_with_names_without_end_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for number in range(20_000):
            archive.writestr(f"word/{number:030}", b"")
    with pytest.raises(NotSendable, match="WhatsApp accetta"):
        prepare(upload("modulo.docx", out.getvalue()), WHATSAPP)


@pytest.mark.parametrize("length", [30, 200, -30, -10])
def test_an_archive_that_was_cut_off_is_refused(length: int) -> None:
    with pytest.raises(NotSendable, match="WhatsApp accetta"):
        prepare(upload("modulo.docx", office("word/")[:length]), WHATSAPP)


def test_a_path_in_a_name_is_cut_off() -> None:
    assert prepare(upload("..\\..\\segreto.pdf", b"%PDF-1.7"), WHATSAPP).filename == "segreto.pdf"


# --- before they are uploaded -------------------------------------------------------------------------------

MB = 1024**2


@pytest.mark.parametrize(
    ("name", "size", "head", "words"),
    [
        ("foto.jpg", 50 * MB, picture()[:1024], "troppo grande per una foto.*40 MB"),
        ("tomo.pdf", 101 * MB, b"%PDF-1.7", "100 MB.*dividilo"),
        ("foto.jpg", 100, b"%PDF-1.7", "non è un’immagine, anche se il nome lo dice.*JPEG"),
        ("finto.pdf", 100, b"PK\x03\x04", "non contiene ciò che il nome dice"),
        ("finto.docx", 100, b"MZ\x90\x00", "non contiene ciò che il nome dice"),
        ("finto.txt", 100, b"abc\0", "non contiene ciò che il nome dice"),
        ("programma.exe", 100, b"MZ\x90\x00", "WhatsApp accetta.*PDF"),
        ("vuoto.pdf", 0, b"", "vuoto"),
    ],
)
def test_a_file_is_refused_before_it_is_uploaded_with_what_to_do(
    name: str, size: int, head: bytes, words: str
) -> None:
    with pytest.raises(NotSendable, match=f"«{re.escape(name)}».*{words}"):
        judge(name, size, head, WHATSAPP)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("foto.jpg", picture()),
        ("FOTO.HEIC", saved(Image.new("RGB", (20, 20)), "HEIF")),
        ("con-bom.pdf", b"\xef\xbb\xbf%PDF-1.4 x"),
        ("vecchio.doc", bytes.fromhex("d0cf11e0a1b11ae1")),
        ("modulo.docx", office("word/")),
        ("orari.txt", "Lunedì 9–13".encode()),
    ],
)
def test_what_can_be_sent_passes_both(name: str, content: bytes) -> None:
    judge(name, len(content), content[:JUDGED], WHATSAPP)
    prepare(upload(name, content), WHATSAPP)
