# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Temi e quartieri in the console, and what a citizen receives on their card."""

from __future__ import annotations

import html
from collections.abc import Callable
from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, strategies as st

from arengo.audience.models import Quarter, Subscription, Topic
from arengo.audience.topics.forms import DayOfYear, shown_day
from arengo.audience.topics.models import Change, Choosing
from arengo.core.models import Organization, Person
from arengo.delivery.models import Sender
from tests.factories.audience import citizen
from tests.factories.core import STRANGER_HOST

Browse = Callable[..., Client]


@pytest.fixture
def anna(town: Organization, sender: Sender) -> Subscription:
    made: Subscription = Subscription.objects.create(
        organization=town, identity=citizen("Anna Esempio"), sender_id=sender.pk, since=timezone.now()
    )
    made.topics.set([Topic.objects.get(name="Eventi")])
    return made


def data(**changed: str) -> dict[str, str]:
    return {
        "name": "Spiagge",
        "words": "mare, bagni\ncosta",
        "season_from": "1/6",
        "season_to": "15/9",
        **changed,
    }


def test_a_topic_is_added_changed_and_stands_in_the_list(
    town: Organization, alice: Person, browse: Browse
) -> None:
    client = browse(alice)
    assert client.post(reverse("audience:topic_new"), data()).status_code == 302
    made = Topic.objects.get(name="Spiagge")
    assert (made.words, made.season_from, made.season_to) == (["mare", "bagni", "costa"], "06-01", "09-15")
    page = client.get(reverse("audience:topics")).text
    assert "si propone dal 1/6 al 15/9" in page
    assert "mare" in page
    form = client.get(reverse("audience:topic", args=[made.pk])).text
    assert 'value="1/6"' in form
    changed = client.post(reverse("audience:topic", args=[made.pk]), data(name="Mare", place="1", words=""))
    assert changed.status_code == 302
    assert Topic.in_use().first().name == "Mare"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": ""}, "obbligatorio"),
        ({"name": "!!!"}, "almeno una lettera"),
        ({"name": "x" * 81}, "81 caratteri"),
        ({"name": "éventi"}, "è già di"),
        ({"words": "strade"}, "è già di"),
        ({"words": "iscrivimi"}, "serve già per iscriversi"),
        ({"words": "x" * 41}, "40 caratteri"),
        ({"words": "…"}, "non contiene lettere"),
        ({"words": "\n".join(f"parola {n}" for n in range(31))}, "Al massimo 30"),
        ({"season_from": "31/2"}, "giorno e mese"),
        ({"season_from": "giugno"}, "giorno e mese"),
        ({"season_to": ""}, "Servono tutti e due"),
    ],
)
def test_what_would_not_work_is_refused_and_stays_typed(
    town: Organization, alice: Person, browse: Browse, changed: dict[str, str], words: str
) -> None:
    page = browse(alice).post(reverse("audience:topic_new"), data(**changed))
    assert page.status_code == 422
    assert words in page.text
    assert all(html.escape(typed) in page.text for typed in changed.values())
    assert not Topic.objects.filter(position__gt=4).exists()


def test_a_word_of_a_quarter_is_none_of_a_topic(town: Organization, alice: Person, browse: Browse) -> None:
    browse(alice).post(reverse("audience:quarter_new"), {"name": "Borgo", "words": "borgo nuovo"})
    assert Quarter.objects.get().words == ["borgo nuovo"]
    assert browse(alice).post(reverse("audience:topic_new"), data(words="Borgo")).status_code == 422


def test_removing_says_how_many_had_only_this_and_asks_what_they_receive(
    town: Organization, alice: Person, anna: Subscription, browse: Browse
) -> None:
    eventi, other = Topic.objects.get(name="Eventi"), Topic.objects.get(name="Viabilità")
    address = reverse("audience:topic_remove", args=[eventi.pk])
    client = browse(alice)
    assert "1 persona aveva scelto solo questo" in client.get(address).text
    assert client.post(address).url == address  # nothing is done until it is said
    assert Topic.in_use().filter(pk=eventi.pk).exists()
    assert client.post(address, {"to": str(other.pk)}).status_code == 302
    assert list(anna.topics.all()) == [other]
    page = client.get(reverse("audience:topics")).text
    assert "Si può annullare fino al" in page
    client.post(reverse("audience:topics_undo", args=[Change.objects.get().pk]))
    assert list(anna.topics.all()) == [eventi]


def test_merging_shows_the_sum_before_it_is_done(
    town: Organization, alice: Person, anna: Subscription, browse: Browse
) -> None:
    eventi, other = Topic.objects.get(name="Eventi"), Topic.objects.get(name="Viabilità")
    address = reverse("audience:topic_merge", args=[eventi.pk])
    client = browse(alice)
    assert "riceverà più avvisi" not in client.get(address).text
    assert (
        "1 persona riceverà più avvisi di quanti ne ha chiesti" in client.get(address, {"in": other.pk}).text
    )
    assert client.post(address, {"into": str(other.pk)}).status_code == 302
    assert list(anna.topics.all()) == [other]
    assert client.post(address, {"into": str(other.pk)}).status_code == 404
    assert client.post(reverse("audience:topic_merge", args=[other.pk]), {"into": "x"}).status_code == 404


def test_staff_changes_what_a_citizen_receives_and_says_how_they_asked(
    town: Organization, olga: Person, alice: Person, anna: Subscription, browse: Browse
) -> None:
    client, contact = browse(olga), anna.identity.contact_id
    address = reverse("audience:choose", args=[contact, anna.identity_id])
    assert address in client.get(reverse("audience:citizen", args=[contact])).text
    viability = Topic.objects.get(name="Viabilità")
    refused = client.post(address, {"topics": [viability.pk], "note": "Vuole solo le strade"})
    assert (refused.status_code, "Scegli come la persona lo ha chiesto" in refused.text) == (422, True)
    assert "Vuole solo le strade" in refused.text
    assert not Choosing.objects.exists()
    done = client.post(address, {"topics": [viability.pk], "asked": "phone", "note": "prot. 12/2026"})
    assert done.status_code == 302
    made = Choosing.objects.get()
    assert (made.way, made.by, made.text) == ("staff", olga, "Al telefono. prot. 12/2026")
    card = browse(alice).get(reverse("audience:citizen", args=[contact])).text
    assert "Riceve Viabilità di tutta la città, appena escono, su WhatsApp." in card
    assert "Ha aggiunto il tema" in card


def test_who_has_only_what_is_no_more_is_shown(
    town: Organization, alice: Person, anna: Subscription, browse: Browse
) -> None:
    Topic.objects.filter(name="Eventi").update(ended_at=timezone.now())
    card = browse(alice).get(reverse("audience:citizen", args=[anna.identity.contact_id])).text
    assert "Eventi (non c’è più)" in card
    assert "riceve solo gli avvisi per tutti e le allerte" in card


def test_editors_read_and_only_administrators_change(
    town: Organization, edo: Person, olga: Person, browse: Browse
) -> None:
    assert browse(edo).get(reverse("audience:topics")).status_code == 200
    assert browse(olga).get(reverse("audience:topics")).status_code == 403
    pk = Topic.objects.first().pk
    for name in ("topic", "topic_remove", "topic_merge"):
        assert browse(edo).get(reverse(f"audience:{name}", args=[pk])).status_code == 403


def test_carlo_of_another_organization_finds_nothing(
    town: Organization, anna: Subscription, altrove: Organization, carlo: Person, browse: Browse
) -> None:
    pk = Topic.objects.first().pk
    stranger = browse(carlo, host=STRANGER_HOST)
    for name in (
        "topic",
        "topic_remove",
        "topic_merge",
        "quarter",
        "quarter_remove",
        "quarter_merge",
        "topics_undo",
    ):
        assert stranger.get(reverse(f"audience:{name}", args=[pk])).status_code == 404
    address = reverse("audience:choose", args=[anna.identity.contact_id, anna.identity_id])
    assert stranger.get(address).status_code == 404
    assert browse(carlo).get(address).status_code == 404


@given(st.dates())
def test_a_day_of_the_year_is_read_as_it_is_shown(day: object) -> None:
    kept = f"{day:%m-%d}"
    assert DayOfYear().clean(shown_day(kept)) == kept


@given(st.text(max_size=10))
def test_whatever_is_typed_is_a_day_or_an_error(typed: str) -> None:
    kept = "?"
    with suppress(ValidationError):
        kept = DayOfYear(required=False, max_length=10).clean(typed)
    assert kept in ("", "?") or (shown_day(kept) and len(kept) == 5)
