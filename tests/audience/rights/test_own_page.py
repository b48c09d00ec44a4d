# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The same rights on one's own page: who has the link has shown who they are."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
from django.utils import timezone

from arengo.audience.models import Contact, Identity, Subscription
from arengo.audience.personal.models import PersonalLink
from arengo.audience.personal.views import COOKIE
from arengo.audience.rights.models import RightsRequest
from arengo.core.models import AuditEntry
from arengo.delivery.models import Sender
from tests.factories.audience import ANNA, known, message
from tests.factories.personal import PAGE, page_of, visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna(arrive: Callable[..., None]) -> Identity:
    arrive(message(ANNA, "ISCRIVIMI", name="Anna", sent_at=timezone.now()))
    return known(ANNA)


def test_the_page_says_what_is_held_and_hands_it_out(anna: Identity, sender: Sender) -> None:
    client = page_of(anna, sender)
    page = client.get(PAGE)
    assert "1 nome, 1 recapito" in page.text
    assert "ISCRIVIMI" in page.text
    assert "+39 … 01" in page.text
    answer = client.post(f"{PAGE}fai/held/")
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer)))  # type: ignore[call-overload]
    assert set(archive.namelist()) >= {"dati.json", "leggimi.html"}
    done = RightsRequest.objects.get()
    assert (done.right, done.way, done.check_way, done.ended_by, done.state) == (
        "copy",
        "page",
        "link",
        None,
        "done",
    )
    assert AuditEntry.objects.get(verb="audience.exported").person is None
    assert answer["Cache-Control"] == "no-store"


def test_archives_have_a_ceiling(anna: Identity, sender: Sender) -> None:
    client = page_of(anna, sender)
    for _time in range(6):
        assert b"".join(client.post(f"{PAGE}fai/held/")).startswith(b"PK")  # type: ignore[call-overload]
    assert client.post(f"{PAGE}fai/held/").status_code == 429


def test_a_name_is_corrected_and_a_refused_one_is_not_lost(anna: Identity, sender: Sender) -> None:
    client = page_of(anna, sender)
    assert (
        "Ora ti chiamiamo così."
        in client.post(f"{PAGE}fai/name/", {"name": "Anna Esempio"}, follow=True).text
    )
    assert Contact.objects.get().name == "Anna Esempio"
    refused = client.post(f"{PAGE}fai/name/", {"name": "Anna Esempio"})
    assert (refused.status_code, "già questo" in refused.text, 'value="Anna Esempio"' in refused.text) == (
        422,
        True,
        True,
    )


def test_to_object_is_asked_first(anna: Identity, sender: Sender) -> None:
    client = page_of(anna, sender)
    assert "Opporsi agli avvisi?" in client.get(f"{PAGE}fai/object/").text
    assert Subscription.objects.get().active
    done = client.post(f"{PAGE}fai/object/", follow=True)
    assert "Opposizione registrata" in done.text
    assert not Subscription.objects.get().active


def test_erasing_asks_for_a_tick_and_ends_the_page(anna: Identity, sender: Sender) -> None:
    client = page_of(anna, sender)
    question = client.get(f"{PAGE}fai/erase/").text
    assert all(words in question for words in ("Sparisce", "Resta per legge", "Copie di sicurezza"))
    refused = client.post(f"{PAGE}fai/erase/")
    assert (refused.status_code, "segno di spunta" in refused.text) == (422, True)
    held = client.cookies[COOKIE].value
    over = client.post(f"{PAGE}fai/erase/", {"sure": "yes"})
    assert (over.status_code, "Abbiamo cancellato tutto" in over.text) == (200, True)
    assert Contact.objects.get().erased_at is not None
    assert not Identity.objects.exists()
    assert not PersonalLink.objects.exists()
    assert AuditEntry.objects.get(verb="audience.erased").person is None
    late = visitor()
    late.cookies[COOKIE] = held
    assert late.get(PAGE).status_code == 410
