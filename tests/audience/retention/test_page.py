# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page of all periods: in one sentence what goes and what went; a shorter period shows how much, and starts in three days."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

from arengo.audience.models import Contact
from arengo.audience.retention import console, shown, verbs, words
from arengo.audience.retention.shown import Amount
from arengo.core.console import retention
from arengo.core.models import Organization, Person, Role
from arengo.core.retention import introducing, periods
from arengo.core.retention.models import RetentionPeriod, RetentionRun
from arengo.desk.models import Message
from tests.factories.audience import ANNA, BRUNO, known, message
from tests.factories.core import member
from tests.factories.retention import night

pytestmark = pytest.mark.django_db

Arrive = Callable[..., None]
Browse = Callable[..., Client]
PAGE = "/console/iscritti/conservazione/"


@pytest.fixture
def old_words(arrive: Arrive) -> Contact:
    """Anna wrote 200 days ago, Bruno 400."""
    arrive(
        message(ANNA, "Il lampione è spento", sent_at=timezone.now()),
        message(BRUNO, "Buche", sent_at=timezone.now()),
    )
    for text, days in (("Il lampione è spento", 200), ("Buche", 400)):
        Message.objects.filter(text=text).update(sent_at=timezone.now() - timedelta(days=days))
    return known(ANNA).contact


def read(client: Client, path: str = PAGE) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def test_one_sentence_says_what_goes_what_went_and_what_is_held(
    old_words: Contact, alice: Person, esempio: Organization, browse: Browse
) -> None:
    assert "se ne va 1 cosa" in read(browse(alice))
    assert night(esempio, "desk.messages") == 1
    Message.objects.filter(erased_at=None).update(sent_at=timezone.now() - timedelta(days=500))
    verbs.place(old_words, "Causa 4417/2026", None, by=alice)
    page = read(browse(alice))
    assert "se ne vanno 0 cose" in page
    assert "L’ultima notte ne è andata via 1 ." in page
    assert "1 blocco ne trattiene 1." in page


def test_each_kind_says_how_long_and_what_becomes_of_it(
    town: Organization, alice: Person, browse: Browse
) -> None:
    page = read(browse(alice))
    for said in (
        "Messaggi dello Sportello si cancella il testo, con i suoi file; restano i conteggi 12 mesi",
        "Foto e documenti dello Sportello",
        "90 giorni",
        "24 mesi",
        "Codici per verificare chi è un cittadino : 10 min, poi si cancellano. Dopo non aprono più niente.",
        "Registro delle azioni : resta",
    ):
        assert said in page


def test_a_shorter_period_shows_how_much_goes_and_starts_in_three_days(
    old_words: Contact, alice: Person, browse: Browse
) -> None:
    client = browse(alice)
    question = read(client, f"{PAGE}?rule=desk.messages&days=180")
    assert "Se ne va 1 in più" in question
    assert "fino ad allora puoi ripensarci" in question
    assert not RetentionPeriod.objects.exists()  # nothing is decided yet
    answer = client.post(f"{PAGE}desk.messages/", {"days": "180"})
    assert answer.status_code == 302
    page = read(client)
    assert "si tiene 6 mesi: fino ad allora puoi ripensarci" in page
    assert periods.of(retention.rule("desk.messages")).days == 365
    assert ": 6 mesi" in page
    client.post(f"{PAGE}desk.messages/ripensa/")
    assert "Resta 12 mesi." in read(client)
    assert periods.of(retention.rule("desk.messages")).next_days is None


def test_a_longer_period_counts_at_once(old_words: Contact, alice: Person, browse: Browse) -> None:
    client = browse(alice)
    assert "Vale da subito" in read(client, f"{PAGE}?rule=desk.messages&days=730")
    client.post(f"{PAGE}desk.messages/", {"days": "730"})
    page = read(client)
    assert "Da subito si tiene 24 mesi." in page
    assert "se ne vanno 0 cose" in page


@pytest.mark.parametrize("typed", ["", "0", "-1", "89", "3651", "9" * 40, "sei", "180.5", "\x00"])
def test_what_cannot_be_chosen_is_refused_in_words(
    town: Organization, alice: Person, browse: Browse, typed: str
) -> None:
    answer = browse(alice).post(f"{PAGE}desk.messages/", {"days": typed})
    assert answer.status_code == 422
    assert "Scegli" in answer.text
    assert not RetentionPeriod.objects.exclude(days=365).exists()


def test_a_kind_that_is_not_there_or_not_chosen_is_404(
    town: Organization, alice: Person, browse: Browse
) -> None:
    client = browse(alice)
    for name in ("desk.nothing", "core.signals", "core.log"):
        assert client.post(f"{PAGE}{name}/", {"days": "180"}).status_code == 404
        assert client.post(f"{PAGE}{name}/ripensa/").status_code == 404
        assert client.get(PAGE, {"rule": name}).status_code == 404


def test_a_night_that_did_not_come_is_red(
    town: Organization, alice: Person, esempio: Organization, browse: Browse
) -> None:
    assert console.point() is None
    Organization.objects.filter(pk=esempio.pk).update(created_at=timezone.now() - timedelta(days=9))
    point = console.point()
    assert point is not None
    assert "non sono stati cancellati" in point.title
    assert "notice-danger" in browse(alice).get(PAGE).text
    at = timezone.now() - timedelta(hours=40)
    RetentionRun.objects.create(rule="desk.messages", began_at=at, ended_at=at)
    RetentionRun.objects.create(rule="desk.messages", began_at=at, complete=False)
    assert "non è arrivata in fondo" in browse(alice).get(PAGE).text
    night(esempio, "desk.messages")
    assert console.point() is None
    assert "notice-danger" not in browse(alice).get(PAGE).text


def test_a_hold_that_ends_soon_is_pointed_at(old_words: Contact, alice: Person) -> None:
    verbs.place(old_words, "Causa 4417/2026", timezone.localdate() + timedelta(days=30), by=alice)
    assert console.point() is None
    verbs.place(old_words, "Richiesta", timezone.localdate() + timedelta(days=3), by=alice)
    point = console.point()
    assert point is not None
    assert point.title == "1 blocco finisce fra pochi giorni"


def test_what_a_new_version_will_take_away_is_pointed_at_until_somebody_decides(
    town: Organization, arrive: Arrive, alice: Person, browse: Browse
) -> None:
    arrive(message(ANNA, "ISCRIVIMI", sent_at=timezone.now()))
    introducing.for_who_was_there("desk.messages", days=365, most=3650)(apps, None)
    point = console.point()
    assert point is not None
    assert "si cancella ciò che finora restava" in point.title
    client = browse(alice)
    assert point.title in client.get("/console/iscritti/").text
    editor = member(town, "edo@esempio.test", "Edo Esempio", Role.EDITOR)
    assert (
        point.title not in browse(editor).get("/console/iscritti/").text
    )  # a page that editors may not open
    assert "Lascia 10 anni" in read(client)
    client.post(f"{PAGE}desk.messages/ripensa/")
    assert console.point() is None


def test_more_than_the_page_counts_is_said_so(
    old_words: Contact, alice: Person, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    Message.objects.update(sent_at=timezone.now() - timedelta(days=500))
    monkeypatch.setattr(shown, "MOST_COUNTED", 1)
    assert "più di 1" in read(browse(alice))
    rule = retention.rule("desk.messages")
    monkeypatch.setattr(shown, "MOST_IN_QUESTION", 1)
    assert shown.more_by(rule, 90) == Amount(0, over=True)


def test_an_auditor_reads_and_changes_nothing(town: Organization, rita: Person, browse: Browse) -> None:
    client = browse(rita)
    page = client.get(f"{PAGE}?rule=desk.messages&days=180")
    assert page.status_code == 200
    assert 'name="days"' not in page.text
    assert client.post(f"{PAGE}desk.messages/", {"days": "180"}).status_code == 403
    assert client.post(f"{PAGE}desk.messages/ripensa/").status_code == 403


def test_carlo_of_another_organization_changes_his_own_alone(
    old_words: Contact, carlo: Person, altrove: Organization, browse: Browse
) -> None:
    assert browse(carlo).get(PAGE).status_code == 404
    assert browse(carlo).post(f"{PAGE}desk.messages/", {"days": "180"}).status_code == 404
    assert browse(carlo).post(f"{PAGE}desk.messages/ripensa/").status_code == 404
    own = browse(carlo, "altrove.test")
    assert "se ne vanno 0 cose" in read(own)
    own.post(f"{PAGE}desk.messages/", {"days": "730"})
    assert RetentionPeriod.unscoped.get().organization_id == altrove.pk
    assert periods.of(retention.rule("desk.messages")).days == 365


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (1, "1 giorno"),
        (90, "90 giorni"),
        (180, "6 mesi"),
        (365, "12 mesi"),
        (730, "24 mesi"),
        (1825, "5 anni"),
    ],
)
def test_periods_in_words(days: int, said: str) -> None:
    assert words.period(days) == said
