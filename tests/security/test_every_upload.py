# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every field for a file of every form × files that nobody sends by mistake: small ones, so that it is quick."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest

from arengo.core.models import Role
from tests.factories.pictures import picture
from tests.security.forms_of import Form
from tests.security.found_forms import forms_of
from tests.security.town import Town
from tests.security.visiting import SWEEP, Visitor, why

pytestmark = [pytest.mark.django_db, *SWEEP]

BOUNDARY = "a-boundary-of-ours"
MULTIPART = f'multipart/form-data; boundary="{BOUNDARY}"'
PNG = picture((32, 32), "PNG")


def _zip_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"\0" * 5_000_000)
    return out.getvalue()


def _png_of(width: int, height: int) -> bytes:
    """A picture that says to be that large, with next to nothing in it."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 64))
        + chunk(b"IEND", b"")
    )


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) (r) file\n%%EOF\n"
# name of the case → (file's name, its type, its content)
FILES: dict[str, tuple[str, str, bytes]] = {
    "empty": ("foto.png", "image/png", b""),
    "one byte": ("foto.png", "image/png", b"\x89"),
    "a head alone": ("foto.png", "image/png", PNG[:20]),
    "cut off": ("foto.png", "image/png", PNG[: len(PNG) // 2]),
    "html as a picture": ("foto.png", "image/png", b"<html><script>alert(1)</script>"),
    "a picture and html": ("foto.html", "text/html", PNG + b"<script>alert(1)</script>"),
    "svg with a script": ("stemma.svg", "image/svg+xml", SVG),
    "svg as a picture": ("foto.png", "image/png", SVG),
    "eps": ("foto.eps", "application/postscript", EPS),
    "eps as a document": ("modulo.pdf", "application/pdf", EPS),
    "a bomb of zeros": ("modulo.docx", "application/zip", _zip_bomb()),
    "a picture larger than the world": ("foto.png", "image/png", _png_of(60_000, 60_000)),
    "a picture of no size": ("foto.png", "image/png", _png_of(0, 0)),
    "out of the folder": ("../../../etc/cron.d/x.png", "image/png", PNG),
    "out of the folder, otherwise": ("..\\..\\x.png", "image/png", PNG),
    "only dots": ("..", "image/png", PNG),
    "no name": ("", "image/png", PNG),
    "a long name": ("x" * 5000 + ".png", "image/png", PNG),
    "NUL in the name": ("a\x00b.png", "image/png", PNG),
    "half a surrogate in the name": ("a\ud83d.png", "image/png", PNG),
    "new lines in the name": ("a\r\nX: y.png", "image/png", PNG),
    "turned round": ("a\u202egnp.exe", "image/png", PNG),
    "quotes": ("a\"'><script>.png", "image/png", PNG),
    "no type": ("foto.png", "", PNG),
    "a type that is none": ("foto.png", "x" * 5000, PNG),
    "a program": ("foto.exe", "application/x-msdownload", b"MZ\x90\x00" + b"\0" * 60),
}


def _body(form: Form, field: str, name: str, kind: str, content: bytes, *, star: str = "") -> bytes:
    """Put together by hand: Django's own client would make the name harmless."""
    line = f"--{BOUNDARY}\r\n".encode()
    parts = [
        line + f'Content-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in form.filled()
    ]
    shown = name.encode("utf-8", "surrogatepass").replace(b'"', b'\\"')
    disposition = f'Content-Disposition: form-data; name="{field}"; filename'.encode()
    disposition += f"*={star}".encode() if star else b'="' + shown + b'"'
    parts.append(line + disposition + f"\r\nContent-Type: {kind}\r\n\r\n".encode() + content + b"\r\n")
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


@pytest.fixture(scope="module")
def fields(towns: tuple[Town, Town]) -> list[tuple[Visitor, Form, str]]:
    """Every field for a file, with somebody who finds its form."""
    found: dict[tuple[str, str], tuple[Visitor, Form, str]] = {}
    for role in (Role.ADMINISTRATOR, Role.OPERATOR):
        visitor, found_forms = forms_of(towns[0], role)
        for form in found_forms:
            for name in form.files:
                found.setdefault((form.action, name), (visitor, form, name))
    return list(found.values())


def test_the_sweep_found_the_fields(fields: list[tuple[Visitor, Form, str]]) -> None:
    assert {name for _visitor, _form, name in fields} >= {"image", "logo", "files"}


@pytest.mark.parametrize("case", FILES)
def test_no_file_breaks_a_page(fields: list[tuple[Visitor, Form, str]], case: str) -> None:
    broken = {}
    for visitor, form, field in fields:
        answer = visitor.ask("POST", form.action, _body(form, field, *FILES[case]), content_type=MULTIPART)
        html = getattr(answer, "content", b"").decode("utf-8", "replace")
        if answer.status_code >= 500:
            broken[form.action] = why(answer)
        assert "<script>alert(1)" not in html, form.action
    assert broken == {}


@pytest.mark.parametrize("star", ["utf-7''+2D0-.png", "bogus''x.png", "utf-8''%00%ED%A0%BD.png", "''", "x"])
def test_no_encoded_name_of_a_file_breaks_a_page(fields: list[tuple[Visitor, Form, str]], star: str) -> None:
    for visitor, form, field in fields:
        body = _body(form, field, "", "image/png", PNG, star=star)
        answer = visitor.ask("POST", form.action, body, content_type=MULTIPART)
        assert answer.status_code < 500, why(answer)
