# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Links by which who has no account sees an update."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from arengo.core.models import AuditEntry, Organization, Person
from arengo.newsroom import writing
from arengo.newsroom.models import Update
from arengo.newsroom.sharing import links
from arengo.newsroom.sharing.models import PreviewLink
from tests.factories.core import STRANGER_HOST
from tests.factories.newsroom import draft
from tests.newsroom.pages import ROOT, Browse, Write, words


def shared(update: Update, by: Person, organization: Organization) -> str:
    """The path of a new link."""
    return urlsplit(links.address_of(links.make(update.pk, days=3, by=by), organization)).path


def test_carlo_of_another_organization_makes_and_revokes_none(
    town: Organization, altrove: Organization, carlo: Person, write: Write, edo: Person, browse: Browse
) -> None:
    update = write()
    link = links.make(update.pk, days=3, by=edo)
    for client in (browse(carlo), browse(carlo, host=STRANGER_HOST)):
        assert client.get(f"{ROOT}{update.pk}/mostra/").status_code == 404
        assert client.post(f"{ROOT}{update.pk}/mostra/", {"days": "3"}).status_code == 404
        assert client.get(f"{ROOT}{update.pk}/mostra/{link.pk}/revoca/").status_code == 404
        assert client.post(f"{ROOT}{update.pk}/mostra/{link.pk}/revoca/").status_code == 404
        assert client.get(f"{ROOT}{update.pk}/foglio/").status_code == 404
    assert PreviewLink.objects.get().revoked_at is None


def test_who_has_the_link_sees_the_text_of_now_at_each_outlet(
    town: Organization, write: Write, edo: Person, browse: Browse
) -> None:
    update = write(title="Il mercato di sabato", photo=True)
    path = shared(update, edo, town)
    page = browse().get(path)
    assert page.status_code == 200
    assert "Il mercato di sabato" in words(page)
    assert "Sul canale" in words(page)
    assert "Cancellami" in words(page)  # the button on the phone
    assert "è una bozza" in words(page).lower()
    writing.save(update.pk, draft(title="Il mercato di domenica", has_image=True), version=1, by=edo)
    assert "Il mercato di domenica" in words(browse().get(path))


def test_its_picture_comes_by_the_same_link_and_the_console_stays_shut(
    town: Organization, write: Write, edo: Person, browse: Browse
) -> None:
    update = write(photo=True)
    path = shared(update, edo, town)
    page = browse().get(path).content.decode()
    assert f'src="{path}immagine?v=1"' in page
    assert "/console/redazione/" not in page
    picture = browse().get(f"{path}immagine")
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/jpeg")
    b"".join(picture.streaming_content)  # type: ignore[attr-defined]  # read to its end, so that it closes
    assert browse().get(f"{ROOT}{update.pk}/immagine").status_code == 302


def test_nobody_keeps_it_or_lists_it(town: Organization, write: Write, edo: Person, browse: Browse) -> None:
    answer = browse().get(shared(write(), edo, town))
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "sessionid" not in answer.cookies
    assert "csrfmiddlewaretoken" not in answer.content.decode()


@pytest.mark.parametrize("why", ["expired", "revoked", "discarded", "forged", "cut off", "another town"])
def test_a_link_that_is_over_opens_nothing_and_tells_nothing(
    town: Organization, altrove: Organization, write: Write, edo: Person, browse: Browse, why: str
) -> None:
    update = write(title="Segreto di Pulcinella", photo=True)
    path, client = shared(update, edo, town), browse()
    if why == "expired":
        PreviewLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif why == "revoked":
        links.revoke(PreviewLink.objects.get().pk, by=edo)
    elif why == "discarded":
        writing.discard(update.pk, by=edo)
    elif why == "forged":
        path = path.replace(f"/{PreviewLink.objects.get().pk}:", "/999999:")
    elif why == "cut off":
        path = path[:-5] + "/"
    else:
        client = browse(host=STRANGER_HOST)
    answer = client.get(path)
    assert answer.status_code == 404
    assert "Segreto" not in answer.content.decode()
    assert client.get(f"{path}immagine").status_code == 404
    assert answer["Cache-Control"] == "no-store"


def test_a_link_is_made_copied_and_revoked_by_the_staff(
    town: Organization, write: Write, edo: Person, browse: Browse
) -> None:
    update, client = write(), browse(edo)
    at = f"{ROOT}{update.pk}/mostra/"
    client.post(at, {"to": "la sindaca", "days": "7"})
    link = PreviewLink.objects.get()
    assert timedelta(days=6, hours=23) < link.expires_at - timezone.now() <= timedelta(days=7)
    address = links.address_of(link, town)
    assert address in client.get(at).content.decode()
    assert "la sindaca" in words(client.get(at))
    assert Client(headers={"host": urlsplit(address).netloc}).get(urlsplit(address).path).status_code in (
        200,
        404,
    )
    assert "Revocare il link?" in words(client.get(f"{at}{link.pk}/revoca/"))
    client.post(f"{at}{link.pk}/revoca/")
    assert browse().get(urlsplit(address).path).status_code == 404
    assert address not in client.get(at).content.decode()
    assert set(AuditEntry.objects.filter(verb__endswith="preview").values_list("verb", flat=True)) == {
        "newsroom.shared_preview",
        "newsroom.revoked_preview",
    }


def test_a_link_lasts_only_as_long_as_is_offered(
    town: Organization, write: Write, edo: Person, browse: Browse
) -> None:
    answer = browse(edo).post(f"{ROOT}{write().pk}/mostra/", {"days": "3650"})
    assert answer.status_code == 422
    assert not PreviewLink.objects.exists()


def test_only_so_many_are_open_at_a_time(
    town: Organization, write: Write, edo: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "MOST", 2)
    update = write()
    for _number in range(2):
        last = links.make(update.pk, days=1, by=edo)
    with pytest.raises(links.Refused):
        links.make(update.pk, days=1, by=edo)
    links.revoke(last.pk, by=edo)
    links.make(update.pk, days=1, by=edo)


# --- the sheet ------------------------------------------------------------------------------------------------


def test_the_sheet_for_the_notice_board_is_a_pdf(
    town: Organization, write: Write, edo: Person, browse: Browse
) -> None:
    update = write(title="Il mercato 🎉", photo=True)
    answer = browse(edo).get(f"{ROOT}{update.pk}/foglio/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF-")
    assert answer["Cache-Control"] == "no-store"


def test_a_sheet_without_anything_is_a_sheet_all_the_same(
    town: Organization, write: Write, edo: Person, browse: Browse
) -> None:
    update = write(title="", slots=(), outlets=())
    assert browse(edo).get(f"{ROOT}{update.pk}/foglio/").status_code == 200
