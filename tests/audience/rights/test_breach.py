# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who opened a card is in the log; whom a breach touches is a press."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from arengo.audience.models import Contact
from arengo.core import attempts
from arengo.core.models import Attempt, AuditEntry, Organization, Person
from arengo.desk import handling
from arengo.desk.models import Conversation
from tests.factories.audience import ANNA, BRUNO, CLARA, known, message

pytestmark = pytest.mark.django_db
Arrive = Callable[..., None]
PAGE = "/console/iscritti/richieste/violazione/"
LIST = f"{PAGE}elenco/"


@pytest.fixture
def three(arrive: Arrive) -> list[Contact]:
    """They wrote just now."""
    now = timezone.now()
    arrive(
        message(ANNA, "Buongiorno", name="=Anna Esempio", sent_at=now),
        message(BRUNO, "Buongiorno", name="Bruno Esempio", sent_at=now),
        message(CLARA, "Buongiorno", name="Clara Esempio", sent_at=now),
    )
    return [known(who).contact for who in (ANNA, BRUNO, CLARA)]


def _span(**more: str) -> dict[str, str]:
    now = timezone.now()
    return {"first": (now - timedelta(hours=1)).isoformat(), "last": now.isoformat(), **more}


def _asked(client: Client) -> str:
    """As the form sends it, to the minute that it is."""
    now, shape = timezone.localtime(), "%Y-%m-%dT%H:%M"
    span = {"first": (now - timedelta(hours=1)).strftime(shape), "last": now.strftime(shape)}
    return client.post(PAGE, span).text


def _listed(answer: object) -> list[str]:
    return b"".join(answer).decode("utf-8-sig").splitlines()[1:]  # type: ignore[call-overload]


def test_a_card_that_is_opened_is_in_the_log_once_for_a_while(
    three: list[Contact], olga: Person, edo: Person, browse: Callable[..., Client]
) -> None:
    path = f"/console/iscritti/{three[0].pk}/"
    client = browse(olga)
    for _time in range(3):
        client.get(path)
    browse(edo).get(path)
    client.get(f"/console/iscritti/{three[1].pk}/")
    opened = AuditEntry.objects.filter(verb="audience.opened_card").order_by("pk")
    assert [(each.person, each.object_id) for each in opened] == [
        (olga, str(three[0].pk)),
        (edo, str(three[0].pk)),
        (olga, str(three[1].pk)),
    ]
    Attempt.objects.update(until=timezone.now())
    attempts.forget_old()
    client.get(path)
    assert AuditEntry.objects.filter(verb="audience.opened_card").count() == 4


def test_what_an_account_saw_is_listed(
    three: list[Contact], olga: Person, alice: Person, browse: Callable[..., Client]
) -> None:
    browse(olga).get(f"/console/iscritti/{three[0].pk}/")
    handling.take(Conversation.objects.get(contact=three[1]), by=olga)
    client = browse(alice)
    page = _asked(client)
    assert "l’account di Olga Esempio" in page
    rows = _listed(client.post(LIST, _span(which="account", person=str(olga.pk))))
    assert rows == ["'=Anna Esempio;WhatsApp;+393330000001", "Bruno Esempio;WhatsApp;+393330000002"]
    entry = AuditEntry.objects.get(verb="audience.listed_touched")
    assert (entry.person, entry.detail["reason"], entry.detail["count"]) == (alice, "account", 2)


def test_who_wrote_and_everybody_are_listed(
    three: list[Contact], alice: Person, browse: Callable[..., Client]
) -> None:
    Contact.objects.create(name="Dora Esempio")  # never wrote, and has no address
    client = browse(alice)
    assert len(_listed(client.post(LIST, _span(which="wrote")))) == 3
    assert len(_listed(client.post(LIST, {"which": "all"}))) == 3
    long_ago = datetime(2020, 1, 1, tzinfo=timezone.get_current_timezone())
    span = {"first": long_ago.isoformat(), "last": (long_ago + timedelta(days=1)).isoformat()}
    assert _listed(client.post(LIST, {**span, "which": "wrote"})) == []


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"which": "some"},
        {"which": "wrote"},
        {"which": "account", "first": "x", "last": "0001-01-01T00:00+14:00"},
        {"which": "wrote", "first": "2026-01-01T00:00+00:00", "last": "2026-09-01T00:00+00:00"},
    ],
)
def test_nothing_else_is_listed(
    three: list[Contact], alice: Person, browse: Callable[..., Client], given: dict[str, str]
) -> None:
    assert browse(alice).post(LIST, given).status_code == 400
    assert not AuditEntry.objects.filter(verb="audience.listed_touched").exists()


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2026-11-02T10:00", "2026-11-01T10:00", "La fine dev’essere dopo l’inizio."),
        ("2026-01-01T10:00", "2026-11-01T10:00", "Al più 92 giorni"),
        ("0001-01-01T00:00", "2026-11-01T10:00", "dal 2009"),
        ("2026-11-01T10:00", "2199-11-01T10:00", "già passato"),
        ("ieri", "", "data"),
    ],
)
def test_a_time_that_cannot_be_is_refused_in_words(
    town: Organization, alice: Person, browse: Callable[..., Client], first: str, last: str, words: str
) -> None:
    answer = browse(alice).post(PAGE, {"first": first, "last": last})
    assert answer.status_code == 422
    assert words in answer.text


def test_only_administrators_list_people_and_strangers_find_nothing(
    three: list[Contact], edo: Person, carlo: Person, browse: Callable[..., Client]
) -> None:
    for person, status in ((edo, 403), (carlo, 404)):
        assert browse(person).get(PAGE).status_code == status
        assert browse(person).post(LIST, {"which": "all"}).status_code == status
