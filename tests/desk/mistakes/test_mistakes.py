# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was received by mistake is erased everywhere, and the bare fact stays."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.test import Client

from arengo.audience.models import Identity
from arengo.core.models import AuditEntry, Erasure, Person
from arengo.core.vault import vault
from arengo.delivery.models import Sender
from arengo.desk import replying
from arengo.desk.blocks.models import Evidence
from arengo.desk.handling import HandlingRefused
from arengo.desk.mistakes import verbs
from arengo.desk.mistakes.models import Mistake
from arengo.desk.models import Attachment, Conversation, Message, Version
from arengo.intake import scrubbing
from arengo.intake.models import Journal
from arengo.platforms.contract import Nature
from tests.desk.road import DESK, Writes, page_of
from tests.factories.desk import keep, photo_said, said
from tests.factories.house_rules import publish_rules, warn
from tests.factories.pictures import picture
from tests.security.erasing import _quick, town
from tests.security.erasure_traffic import Citizen

__all__ = ["_quick", "town"]  # fixtures

pytestmark = pytest.mark.django_db

Browse = Callable[..., Client]


@pytest.fixture
def statement(write: Writes, conversation: Conversation, anna: Identity) -> Message:
    """A bank statement that Anna sent by mistake, and edited."""
    first = said(anna, "Il mio IBAN è IT60X")
    write(first)
    write(said(anna, "Scusate, era IT60X", nature=Nature.EDIT, about=first.message.message_id))
    return Message.objects.get(text="Scusate, era IT60X")


def test_its_words_and_what_it_said_before_are_gone_and_the_fact_stays(
    statement: Message, olga: Person
) -> None:
    assert Version.objects.filter(text__contains="IBAN").exists()
    verbs.erase(statement, by=olga)
    statement.refresh_from_db()
    assert (statement.text, statement.platform_message_id) == ("", "")
    assert not Version.objects.exists()
    fact = Mistake.objects.get()
    assert (fact.message, fact.by) == (statement, olga)
    assert AuditEntry.objects.get(verb="desk.erased_message").detail == {"message": statement.pk}
    assert "desk_message" in Erasure.objects.get().tables


def test_what_it_holds_beyond_words_is_gone_too(statement: Message, olga: Person) -> None:
    Message.objects.filter(pk=statement.pk).update(content='{"cards": [{"name": "Bruno Esempio"}]}')
    verbs.erase(statement, by=olga)
    statement.refresh_from_db()
    assert statement.content == ""


def test_what_the_citizen_deleted_is_erased_with_what_it_had_said(
    statement: Message, write: Writes, anna: Identity, olga: Person
) -> None:
    write(said(anna, "", kind="unsupported", nature=Nature.DELETION, about=statement.platform_message_id))
    assert Version.objects.filter(text="Scusate, era IT60X").exists()
    statement.refresh_from_db()
    verbs.erase(statement, by=olga)
    assert not Version.objects.exists()


def test_its_file_and_thumbnail_leave_the_disk(
    write: Writes,
    conversation: Conversation,
    anna: Identity,
    olga: Person,
    settings: Any,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    write(photo_said(anna, "La mia carta"))
    attachment = Attachment.objects.get()
    keep(attachment, picture((300, 200)), "image/jpeg")
    assert [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    with django_capture_on_commit_callbacks(execute=True):
        verbs.erase(attachment.message, by=olga)
    assert not Attachment.objects.exists()
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_an_edit_that_comes_later_brings_nothing_back(
    write: Writes, conversation: Conversation, anna: Identity, olga: Person
) -> None:
    first = said(anna, "Il mio IBAN")
    write(first)
    verbs.erase(Message.objects.get(text="Il mio IBAN"), by=olga)
    write(first)
    write(said(anna, "IBAN di nuovo", nature=Nature.EDIT, about=first.message.message_id))
    assert not Message.objects.filter(text__contains="IBAN").exists()


def test_neither_a_quote_nor_the_evidence_of_a_warning_keeps_it(
    conversation: Conversation, statement: Message, olga: Person, browse: Browse
) -> None:
    replying.reply(conversation, by=olga, text="Grazie", reply_to=statement, key="k")
    warn(conversation, publish_rules(conversation.organization), olga)
    assert Evidence.objects.filter(text__contains="IT60X").exists()
    verbs.erase(statement, by=olga)
    assert not Evidence.objects.filter(text__contains="IT60X").exists()
    client = browse(olga)
    for page in (page_of(conversation), DESK):
        assert "IT60X" not in client.get(page).content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_journal_loses_it_and_keeps_the_rest(town: Sender, olga: Person) -> None:
    citizen = Citizen(town)
    citizen.text("Il mio IBAN è IT60X")
    citizen.text("Buongiorno")
    message = Message.objects.get(text="Il mio IBAN è IT60X")
    verbs.erase(message, by=olga)
    async_to_sync(scrubbing.scrub)()
    bodies = [
        vault().open(bytes(each), purpose="journal")
        for each in Journal.objects.values_list("body_sealed", flat=True)
        if each
    ]
    assert not any(b"IT60X" in body for body in bodies)
    assert any(b"Buongiorno" in body for body in bodies)
    assert Erasure.objects.get().unfinished == 0


def test_a_command_stays_as_proof_and_ours_is_not_the_citizens(
    write: Writes, conversation: Conversation, anna: Identity, olga: Person
) -> None:
    write(said(anna, "ISCRIVIMI", command="join"))
    with pytest.raises(HandlingRefused, match="resta come prova"):
        verbs.erase(Message.objects.get(command="join"), by=olga)
    [ours] = replying.reply(conversation, by=olga, text="Nostro", key="k")
    with pytest.raises(HandlingRefused, match="scrive il cittadino"):
        verbs.erase(ours, by=olga)


def test_twice_is_once(statement: Message, olga: Person, bea: Person) -> None:
    verbs.erase(statement, by=olga)
    verbs.erase(statement, by=bea)
    assert Mistake.objects.get().by == olga


def test_it_asks_first_and_says_who_did_it(
    conversation: Conversation, statement: Message, olga: Person, browse: Browse
) -> None:
    client, address = browse(olga), f"{DESK}messaggi/{statement.pk}/cancella-subito/"
    assert "Cancellare subito questo messaggio?" in client.get(address).content.decode()
    assert Message.objects.filter(pk=statement.pk, erased_at=None).exists()
    assert client.post(address).status_code == 302
    assert "Ricevuto per errore: cancellato da" in client.get(page_of(conversation)).content.decode()
    assert client.get(address).status_code == 404


def test_a_stranger_finds_nothing_and_an_auditor_may_not(
    statement: Message, carlo: Person, rita: Person, browse: Browse
) -> None:
    address = f"{DESK}messaggi/{statement.pk}/cancella-subito/"
    assert [browse(carlo).get(address).status_code, browse(carlo).post(address).status_code] == [404, 404]
    assert [browse(rita).get(address).status_code, browse(rita).post(address).status_code] == [403, 403]
    assert not Mistake.objects.exists()
