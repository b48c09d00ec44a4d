# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ente: the data, the logo."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from arengo.core.models import AuditEntry, Organization, Person
from tests.core.hostile_pictures import flat_png
from tests.factories.pictures import picture
from tests.support.settings_town import own_data

Browse = Callable[..., Client]


def emblem(kind: str = "PNG", size: tuple[int, int] = (900, 600)) -> SimpleUploadedFile:
    content = picture(size, kind, "navy")
    return SimpleUploadedFile(f"stemma.{kind.lower()}", content, f"image/{kind.lower()}")


def test_the_organization_changes_and_the_log_names_what(
    places: dict[str, str], alice: Person, browse: Browse
) -> None:
    response = browse(alice).post(
        places["organization"], own_data(tagline="Sotto la torre", website="example.it")
    )
    assert response.status_code == 302
    organization = Organization.objects.get(slug="esempio")
    assert (organization.palette, organization.tagline, organization.website) == (
        "forest",
        "Sotto la torre",
        "https://example.it",
    )
    entry = AuditEntry.objects.get(verb="core.changed_organization")
    assert entry.detail == {"changed": ["palette", "tagline", "website"]}


def test_a_choice_that_always_holds_something_is_not_said_to_be_optional(
    places: dict[str, str], alice: Person, browse: Browse
) -> None:
    page = browse(alice).get(places["organization"]).text
    labels = dict(re.findall(r'<label[^>]* for="id_(\w+)"[^>]*>(.*?)</label>', page, re.DOTALL))
    assert "facoltativo" not in labels["language"]
    assert "facoltativo" in labels["tagline"]


def test_a_logo_is_made_small_and_served(places: dict[str, str], alice: Person, browse: Browse) -> None:
    client = browse(alice)
    assert client.post(places["organization"], own_data(logo=emblem("JPEG"))).status_code == 302
    served = client.get("/stemma")
    with Image.open(io.BytesIO(b"".join(served.streaming_content))) as kept:
        assert (kept.format, kept.size) == ("PNG", (512, 341))


def test_a_logo_that_unfolds_to_more_than_the_memory_is_refused(
    places: dict[str, str], alice: Person, browse: Browse
) -> None:
    upload = SimpleUploadedFile("stemma.png", flat_png(8940), "image/png")
    page = browse(alice).post(places["organization"], own_data(logo=upload))
    assert page.status_code == 422
    assert "troppi punti (8.940 × 8.940)" in page.text


def test_a_changed_logo_is_seen_at_once(places: dict[str, str], alice: Person, browse: Browse) -> None:
    client = browse(alice)
    client.post(places["organization"], own_data(logo=emblem()))
    first = client.get("/stemma")
    assert b"".join(first.streaming_content)
    assert "max-age=0" in first["Cache-Control"]  # asked for each time
    assert client.get("/stemma", headers={"If-None-Match": first["ETag"]}).status_code == 304
    client.post(places["organization"], own_data(logo=emblem()))
    second = client.get("/stemma", headers={"If-None-Match": first["ETag"]})
    assert second.status_code == 200
    assert b"".join(second.streaming_content)


def test_a_logo_from_a_phone_stands_upright(places: dict[str, str], alice: Person, browse: Browse) -> None:
    content = io.BytesIO()
    photo = Image.new("RGB", (300, 200), "navy")
    photo.getexif()[0x0112] = 6  # turned by a quarter, says the camera
    photo.save(content, "JPEG", exif=photo.getexif())
    client = browse(alice)
    client.post(
        places["organization"], own_data(logo=SimpleUploadedFile("s.jpg", content.getvalue(), "image/jpeg"))
    )
    with Image.open(io.BytesIO(b"".join(client.get("/stemma").streaming_content))) as kept:
        assert kept.size == (200, 300)


def test_a_new_logo_takes_the_place_of_the_old_one(
    places: dict[str, str], alice: Person, browse: Browse, settings: Any
) -> None:
    client = browse(alice)
    for _time in range(2):
        client.post(places["organization"], own_data(logo=emblem()))
    assert len(list(Path(settings.MEDIA_ROOT).rglob("*.png"))) == 1
    client.post(places["organization"], own_data(remove_logo="on"))
    assert list(Path(settings.MEDIA_ROOT).rglob("*.png")) == []
    assert client.get("/stemma").status_code == 404


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (SVG, "SVG non sono accettati"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "non è un’immagine"),
        (b"\x89PNG\r\n\x1a\nbroken", "rovinata o incompleta"),
        (b"", "vuoto"),
        (b"\x89PNG" + bytes(3 * 1024 * 1024), "2 MB"),
    ],
)
def test_what_is_no_picture_is_refused(
    places: dict[str, str], alice: Person, browse: Browse, content: bytes, words: str
) -> None:
    upload = SimpleUploadedFile("stemma.png", content, "image/png")
    page = browse(alice).post(places["organization"], own_data(logo=upload))
    assert page.status_code == 422
    assert words in page.text


def test_an_address_that_is_no_web_address_is_refused(
    places: dict[str, str], alice: Person, browse: Browse
) -> None:
    page = browse(alice).post(places["organization"], own_data(reports_url="javascript:alert(1)"))
    assert page.status_code == 422
