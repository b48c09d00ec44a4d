# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A place has a code; who joins with its message is counted there, and proved."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import pytest
import zxingcpp
from django.test import Client
from hypothesis import given, strategies as st
from PIL import Image

from arengo.audience import ways
from arengo.audience.models import Consent, ListSettings, Subscription
from arengo.audience.ways import Way
from arengo.core.models import AuditEntry, Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from arengo.portal.posters import counting, places
from arengo.portal.posters.models import Place
from tests.factories.audience import ANNA, BRUNO, message

pytestmark = pytest.mark.django_db

PLACES = "/console/impostazioni/luoghi/"
Browse = Callable[..., Client]
Arrive = Callable[..., None]


def counted() -> dict[str, tuple[int, int]]:
    return {line.place.name: (line.joined, line.lately) for line in counting.lines()}


def test_the_codes_message_joins_and_is_counted_at_its_place(
    town: Organization, alice: Person, browse: Browse, arrive: Arrive
) -> None:
    client = browse(alice)
    client.post(PLACES, {"name": "Biblioteca di Sant’Anna"})
    place = Place.objects.get()
    assert place.code == "biblioteca-di-sant"
    code = client.get(f"{PLACES}{place.pk}/qr.png")
    [read] = zxingcpp.read_barcodes(Image.open(BytesIO(code.content)).convert("L"))
    text = parse_qs(urlsplit(read.text).query)["text"][0]
    assert text == "ISCRIVIMI (da: biblioteca-di-sant)"
    arrive(message(ANNA, text))
    proof = Consent.objects.get(action="given")
    assert (proof.way, proof.poster, proof.text) == (Way.POSTER, place.code, text)
    assert counted() == {"Biblioteca di Sant’Anna": (1, 1)}
    page = client.get(PLACES).text
    assert re.search(r'class="number">1</td>', page)


def test_a_changed_name_and_a_place_out_of_use_count_on(
    town: Organization, alice: Person, arrive: Arrive
) -> None:
    place = places.add(town, "Biblioteca", by=alice)
    places.rename(place, "Biblioteca comunale", by=alice)
    places.use(place, on=False, by=alice)
    arrive(message(ANNA, "Iscrivimi (da: BIBLIOTECA)"))
    assert counted() == {"Biblioteca comunale": (1, 1)}
    assert AuditEntry.objects.filter(verb="portal.changed_place").count() == 2


def test_who_takes_the_mark_away_joins_and_a_code_that_is_nobodys_is_not_kept(
    town: Organization, alice: Person, arrive: Arrive
) -> None:
    places.add(town, "Biblioteca", by=alice)
    arrive(message(ANNA, "Iscrivimi"), message(BRUNO, "Iscrivimi (da: bar-sport)"))
    assert Subscription.objects.filter(active=True).count() == 2
    assert set(Consent.objects.values_list("way", "poster")) == {(Way.MESSAGE, "")}
    assert counted() == {"Biblioteca": (0, 0)}


def test_another_towns_code_is_nobodys(
    town: Organization, altrove: Organization, carlo: Person, arrive: Arrive
) -> None:
    with organization_scope(altrove):
        Place.objects.create(organization=altrove, name="Bar", code="bar")
    arrive(message(ANNA, "Iscrivimi (da: bar)"))
    assert Consent.objects.get().poster == ""


def test_a_leave_with_a_mark_is_a_leave(town: Organization, alice: Person, arrive: Arrive) -> None:
    places.add(town, "Bar", by=alice)
    arrive(message(ANNA, "Iscrivimi (da: bar)"))
    arrive(message(ANNA, "Cancellami (da: bar)"))
    assert not Subscription.objects.filter(active=True).exists()
    assert counted() == {"Bar": (1, 1)}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Bar", "bar"),
        ("L’Ufficio Turistico di Forlì", "l-ufficio-turistico"),
        ("مكتبة", "luogo"),
        ("Precipitevolissimevolmente", "precipitevolissimevo"),
        ("---", "luogo"),
    ],
)
def test_a_code_is_made_of_the_name(town: Organization, alice: Person, name: str, code: str) -> None:
    assert places.add(town, name, by=alice).code == code


def test_two_places_have_two_codes_and_two_names(town: Organization, alice: Person, browse: Browse) -> None:
    first = places.add(town, "Bar Sport!", by=alice)
    second = places.add(town, "Bar Sport?", by=alice)
    assert (first.code, second.code) == ("bar-sport", "bar-sport-2")
    answer = browse(alice).post(PLACES, {"name": "bar sport!"})
    assert answer.status_code == 422
    assert "C’è già un luogo con questo nome." in answer.text
    assert 'value="bar sport!"' in answer.text
    assert browse(alice).post(f"{PLACES}{first.pk}/", {"name": "BAR SPORT?"}).status_code == 422


def test_they_do_not_grow_without_end(
    town: Organization, alice: Person, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "MOST", 1)
    places.add(town, "Bar", by=alice)
    answer = browse(alice).post(PLACES, {"name": "Piazza"})
    assert answer.status_code == 422
    assert "sono già 1" in answer.text


def test_while_nobody_can_join_there_is_no_code(town: Organization, alice: Person, browse: Browse) -> None:
    place = places.add(town, "Bar", by=alice)
    Sender.objects.update(state=Sender.State.STOPPED)
    client = browse(alice)
    assert client.get(f"{PLACES}{place.pk}/qr.svg").status_code == 404
    assert "Manca un numero attivo" in client.get(f"{PLACES}{place.pk}/").text
    Sender.objects.update(state=Sender.State.ACTIVE)
    ListSettings.objects.update(join_words=[])
    assert client.get(f"{PLACES}{place.pk}/qr.svg").status_code == 404


def test_only_administrators_change_and_strangers_find_nothing(
    town: Organization, alice: Person, edo: Person, carlo: Person, browse: Browse
) -> None:
    place = places.add(town, "Bar", by=alice)
    for path in (PLACES, f"{PLACES}{place.pk}/", f"{PLACES}{place.pk}/qr.svg", f"{PLACES}{place.pk}/qr.png"):
        assert browse(carlo).get(path).status_code == 404
        assert browse(edo).get(path).status_code == 403
    assert browse(carlo).post(f"{PLACES}{place.pk}/uso/", {"on": "0"}).status_code == 404
    assert Place.objects.get().active


@given(st.text(max_size=60), st.sampled_from(["it", "en"]))
def test_the_mark_goes_and_the_words_stay(words: str, language: str) -> None:
    assert ways.without_mark(ways.marked(words, "bar-2", language)) == words.rstrip()


def test_a_long_text_is_not_looked_through() -> None:
    long = "(" * 500_000
    assert ways.without_mark(long) == long
