# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""«I miei dati» brings the link; a question about them is for people; staff sends it too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from arengo.audience.commands import Parser
from arengo.audience.models import Identity
from arengo.audience.personal.asking import KIND, PREFIX
from arengo.audience.personal.models import PersonalLink
from arengo.core import automatic
from arengo.core.models import AuditEntry, Organization, Person
from arengo.delivery.models import Delivery, Sender
from arengo.desk.models import Message
from tests.audience.hearing import Heard
from tests.factories.audience import ANNA, at, citizen, message
from tests.factories.personal import path_in, visitor

pytestmark = pytest.mark.django_db
Arrive = Callable[..., None]


@pytest.fixture(autouse=True)
def switched_on(town: Organization) -> None:
    automatic.switch([KIND], on=True)


@pytest.mark.parametrize(
    "text",
    [
        "i miei dati",
        "I MIEI DATI",
        "Buongiorno, vorrei vedere i miei dati. Grazie!",
        "la mia pagina",
        "mandami la mia pagina personale per favore",
        "Fammi vedere i miei dati personali",
        "my data",
    ],
)
def test_who_asks_for_their_page_gets_it(text: str) -> None:
    command = Parser.of_organization().text(text)
    assert command is not None
    assert command.kind == PREFIX


@pytest.mark.parametrize(
    "text",
    [
        "i miei dati?",
        "che fine fanno i miei dati?",
        "dove sono i miei dati",
        "ho sbagliato i miei dati, potete correggerli",
        "i miei dati catastali",
        "la mia pagina facebook",
        "cancellate i miei dati dal registro dei tributi",
    ],
)
def test_a_question_about_data_is_for_people(text: str) -> None:
    command = Parser.of_organization().text(text)
    assert command is None or command.kind != PREFIX


def test_leaving_wins(town: Organization) -> None:
    assert Parser(["iscrivimi"], ["i miei dati"]).text("i miei dati").kind == "leave"  # type: ignore[union-attr]


def test_the_link_reaches_the_citizen_and_the_desk_does_not_show_it(arrive: Arrive, heard: Heard) -> None:
    arrive(message(ANNA, "i miei dati", name="Anna"))
    [reply] = heard.replies
    path = path_in(reply.text)
    shown = Message.objects.get(direction="out")
    assert path not in shown.text
    assert "(il collegamento)" in shown.text
    assert shown.automatic == KIND
    client = visitor()
    assert client.post(path).status_code == 302
    assert "Anna" in client.get("/miei/").text


def test_where_the_town_does_not_send_it_a_person_answers(arrive: Arrive, heard: Heard) -> None:
    automatic.switch([KIND], on=False)
    arrive(message(ANNA, "i miei dati"))
    assert heard.replies == []
    assert [written.command for written in heard.written] == [""]
    assert not PersonalLink.objects.exists()


def test_who_asks_too_often_keeps_the_last_link(arrive: Arrive, heard: Heard) -> None:
    for minute in range(5):
        arrive(message(ANNA, "i miei dati", sent_at=at(minute)))
    assert Delivery.objects.count() == 3
    last = path_in([reply.text for reply in heard.replies if "/miei/" in reply.text][-1])
    assert visitor().post(last).status_code == 302
    withheld = Message.objects.exclude(answer_withheld="").count()
    assert withheld == 2


def test_asked_twice_in_one_batch_one_link_is_sent(arrive: Arrive, heard: Heard) -> None:
    arrive(message(ANNA, "i miei dati"), message(ANNA, "la mia pagina"))
    assert len(heard.replies) == 1
    assert PersonalLink.objects.count() == 1


def _anna() -> Identity:
    return citizen("Anna Esempio", phone="+393330000001", last_wrote_at=timezone.now())


def test_staff_sends_the_page_and_the_log_says_so(
    town: Organization, sender: Sender, olga: Person, browse: Callable[..., Client]
) -> None:
    anna = _anna()
    answer = browse(olga).post(f"/console/iscritti/{anna.contact_id}/pagina/", follow=True)
    assert "Mandata nella sua chat" in answer.text
    assert Delivery.objects.count() == PersonalLink.objects.count() == 1
    assert PersonalLink.objects.get().by == olga
    assert AuditEntry.objects.get(verb="audience.sent_page").object_id == str(anna.contact_id)
    assert not Message.objects.exists()  # nobody of the staff reads the link


def test_staff_is_told_why_it_cannot_be_sent(
    town: Organization, sender: Sender, olga: Person, browse: Callable[..., Client]
) -> None:
    silent = citizen("Bruno", last_wrote_at=timezone.now() - timedelta(hours=25))
    never = citizen("Clara")
    client = browse(olga)
    assert (
        "Non scrive da troppo tempo"
        in client.post(f"/console/iscritti/{silent.contact_id}/pagina/", follow=True).text
    )
    assert (
        "Non ha mai scritto" in client.post(f"/console/iscritti/{never.contact_id}/pagina/", follow=True).text
    )
    automatic.switch([KIND], on=False)
    assert "spento" in client.post(f"/console/iscritti/{_anna().contact_id}/pagina/", follow=True).text
    assert not PersonalLink.objects.filter(identity=silent).exists()
    assert not Delivery.objects.exists()
    assert not AuditEntry.objects.filter(verb="audience.sent_page").exists()


def test_a_stranger_sends_nobodys_page(
    town: Organization, sender: Sender, carlo: Person, browse: Callable[..., Client]
) -> None:
    anna = _anna()
    assert browse(carlo).post(f"/console/iscritti/{anna.contact_id}/pagina/").status_code == 404
    assert not Delivery.objects.exists()
