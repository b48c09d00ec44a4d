# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The notice out of hours: to who writes while the desk is closed, once a closed period, in the organization's words."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

import pytest
from django.test import Client
from django.utils import timezone

from arengo.audience import arrivals
from arengo.audience.defaults import create_defaults
from arengo.audience.events import IdentitiesMerged
from arengo.audience.models import Contact
from arengo.core import automatic
from arengo.core.console import personal_data
from arengo.core.events import Batch
from arengo.core.models import Organization, Person
from arengo.delivery.models import Sender
from arengo.desk import replying
from arengo.desk.hours import notice, verbs
from arengo.desk.hours.models import Interval, OutOfHoursNotice, OutOfHoursWords
from arengo.desk.hours.timetable import Season
from arengo.desk.models import Conversation, Desk, Message
from arengo.platforms.contract import Address, MessageReceived
from tests.factories.audience import citizen
from tests.factories.hours import rome, urp as schedule_of_urp
from tests.factories.retention import night

ANNA, BRUNO = Address(phone="+393330000041"), Address(phone="+393330000042")
PAGE = "/console/impostazioni/avviso-fuori-orario/"
Writes = Callable[..., None]
At = Callable[[str], datetime]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> At:
    def stand(written: str) -> datetime:
        moment = rome(written)
        monkeypatch.setattr(timezone, "now", lambda: moment)
        return moment

    return stand


@pytest.fixture
def writes(urp: Desk, scope: Organization, sender: Sender, at: At) -> Writes:
    """``writes(ANNA, "Quando aprite?")``: in the closed hours of a Tuesday's night, unless ``at`` says another moment."""
    create_defaults(scope)
    automatic.switch([notice.KIND], on=True)
    at("2026-12-01 20:00")
    numbers = count(1)

    def write(who: Address, *texts: str, sent_at: datetime | None = None, **fields: object) -> None:
        said = [
            MessageReceived(
                **{
                    "message_id": f"wamid.{next(numbers)}",
                    "sent_at": sent_at or timezone.now(),
                    "address": who,
                    "kind": "text",
                    "text": text,
                    **fields,
                }
            )
            for text in texts
        ]
        arrivals.receive(Batch(scope.pk, sender.pk, said, "whatsapp"))

    return write


def notices() -> list[str]:
    return list(Message.objects.filter(automatic=notice.KIND).order_by("pk").values_list("text", flat=True))


def test_who_writes_out_of_hours_is_told_once_when_the_desk_opens_again(writes: Writes) -> None:
    writes(ANNA, "Quando aprite?", "C'è nessuno?")
    writes(ANNA, "Pronto?")
    writes(BRUNO, "Buonasera")
    assert len(notices()) == 2
    assert "riapre domani alle 9:00" in notices()[0]
    assert "112" in notices()[0]
    assert Conversation.objects.filter(waiting_since__isnull=False).count() == 2  # a person still answers


def test_the_next_closed_period_has_its_own_notice(writes: Writes, at: At) -> None:
    writes(ANNA, "Quando aprite?")
    at("2026-12-02 10:00")
    writes(ANNA, "Eccomi")
    at("2026-12-02 15:00")
    writes(ANNA, "Ancora io")
    assert len(notices()) == 2
    assert "riapre domani alle 9:00" in notices()[1]


def test_nobody_is_told_while_it_is_off_or_the_desk_is_open(writes: Writes, at: At) -> None:
    automatic.switch([notice.KIND], on=False)
    writes(ANNA, "Quando aprite?")
    automatic.switch([notice.KIND], on=True)
    at("2026-12-02 10:00")
    writes(ANNA, "Buongiorno")
    assert notices() == []
    assert not OutOfHoursNotice.objects.exists()


def test_it_is_off_until_the_organization_switches_it_on(scope: Organization) -> None:
    create_defaults(scope)
    assert notice.KIND not in automatic.switched_on()


def test_a_command_and_a_reaction_get_none(writes: Writes) -> None:
    writes(ANNA, "ISCRIVIMI", "CANCELLAMI")
    writes(BRUNO, "Ciao", copy=True)
    assert notices() == []


def test_what_was_said_in_hours_and_read_later_gets_none(writes: Writes) -> None:
    writes(ANNA, "Siete aperti?", sent_at=rome("2026-12-01 16:59"))
    assert notices() == []


def test_an_emergency_opening_stops_it(writes: Writes, urp: Desk, olga: Person) -> None:
    verbs.open_in_emergency(urp, reason="Allerta", until=timezone.now() + timedelta(hours=1), by=olga)
    writes(ANNA, "C'è acqua in strada")
    assert notices() == []


def test_hours_that_nobody_wrote_promise_nothing(writes: Writes) -> None:
    Interval.objects.all().delete()
    writes(ANNA, "Quando aprite?")
    assert notices() == []


def test_who_was_answered_by_a_person_just_now_is_told_nothing(
    writes: Writes, at: At, olga: Person, urp: Desk
) -> None:
    at("2026-12-01 16:55")
    writes(ANNA, "Ho una domanda")
    at("2026-12-01 17:05")
    replying.reply(Conversation.objects.get(), by=olga, text="Dica pure.", files=[], key="k")
    Message.objects.filter(author=olga).update(sent_at=timezone.now())
    writes(ANNA, "Serve la marca da bollo?")
    assert notices() == []


def test_the_words_are_the_towns_own(
    writes: Writes, alice: Person, browse: Callable[..., Client], scope: Organization
) -> None:
    client = browse(alice)
    assert "riapre domani alle 9:00" in html.unescape(client.get(PAGE).content.decode())
    assert client.post(PAGE, {"text": "{sportello} di {ente}: {riapertura}. {orari}"}).status_code == 302
    writes(ANNA, "Quando aprite?")
    assert notices() == [
        "URP di Comune di Esempio: domani alle 9:00. Lunedì, mercoledì e venerdì 9–13; martedì e giovedì 9–13 e 15–17."
    ]
    wrong = client.post(PAGE, {"text": "Riapre {quando}"})
    assert wrong.status_code == 422
    assert "Non si sa che cosa mettere al posto di {quando}." in html.unescape(wrong.content.decode())
    assert OutOfHoursWords.objects.get().text.startswith("{sportello}")


def test_olga_reads_no_settings_and_carlo_sees_his_own(
    writes: Writes, olga: Person, carlo: Person, browse: Callable[..., Client]
) -> None:
    OutOfHoursWords.objects.create(text="Siamo chiusi.")
    assert browse(olga).get(PAGE).status_code == 403
    assert "Siamo chiusi." not in browse(carlo, "altrove.test").get(PAGE).content.decode()


def test_it_is_handed_out_forgotten_and_erased(writes: Writes, at: At, esempio: Organization) -> None:
    writes(ANNA, "Quando aprite?")
    contact = Contact.objects.get()
    assert personal_data.export(contact.pk)["out_of_hours_notices"] == ["2026-12-01T16:00:00+00:00"]
    at("2027-02-01 10:00")
    assert night(esempio, "desk.out_of_hours") == 1
    at("2027-02-01 20:00")
    writes(ANNA, "Ancora")
    notice.erase(contact.pk)
    assert not OutOfHoursNotice.objects.exists()


def test_two_who_are_one_person_were_told_together(scope: Organization, urp: Desk) -> None:
    anna, other = citizen("Anna"), citizen("Anna Esempio")
    since = rome("2026-12-01 17:00")
    for told in (anna, other):
        OutOfHoursNotice.objects.create(desk=urp, contact=told.contact, closed_since=since)
    later = since + timedelta(days=1)
    OutOfHoursNotice.objects.create(desk=urp, contact=other.contact, closed_since=later)
    merged = IdentitiesMerged(anna.contact_id, anna.pk, other.contact_id, other.pk)
    notice.identities_merged(Batch(scope.pk, 0, [merged]))
    assert OutOfHoursNotice.objects.filter(contact_id=anna.contact_id).count() == 2


@pytest.mark.parametrize(
    ("moment", "since"),
    [
        ("2026-12-01 20:00", "2026-12-01 17:00"),
        ("2026-12-01 14:00", "2026-12-01 13:00"),
        ("2026-12-08 10:00", "2026-12-07 13:00"),
        ("2026-09-01 08:00", "2026-05-29 13:00"),
    ],
)
def test_a_closed_period_begins_when_the_desk_closed(moment: str, since: str) -> None:
    desk = schedule_of_urp(seasons=(Season("Estate", 5, 30, 8, 31),))
    assert desk.closed_since(rome(moment)) == rome(since)
