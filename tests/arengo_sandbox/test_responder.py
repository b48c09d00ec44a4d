# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A second responder to switch on: it takes threads, the business hears copies, and may or may not take them back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from arengo.platforms.contract import HandedOver, MessageReceived, Nature
from arengo.platforms.whatsapp.webhooks import parse
from tests.arengo_sandbox.catcher import Catcher
from tests.arengo_sandbox.town import Town


@pytest.fixture
def responder(town: Town) -> Iterator[Town]:
    town.sandbox.control("POST", "/responder", {"on": True, "answer": "Sono l’assistente", "may_take": False})
    yield town
    town.sandbox.control("POST", "/responder", {"on": False})


def heard(catcher: Catcher) -> list[Any]:
    return [event for post in catcher.posts for event in parse(post.body)]


def control(town: Town, person: dict[str, Any], action: str) -> Any:
    wanted = {"messaging_product": "whatsapp", "to": person["phone"], "action": action}
    return town.sandbox.graph("POST", f"/{town.number}/thread_control", wanted)


def test_it_takes_the_thread_and_the_business_reads_along(responder: Town, catcher: Catcher) -> None:
    anna = responder.citizen("Anna Esempio")
    wamid = responder.writes(anna, "Buongiorno")
    catcher.wait(lambda: len(heard(catcher)) >= 3)
    events = heard(catcher)
    assert [event.ours for event in events if isinstance(event, HandedOver)] == [False]
    said = {event.nature: event for event in events if isinstance(event, MessageReceived)}
    copy, echo = said[Nature.WORDS], said[Nature.ECHO]
    assert (copy.message_id, copy.copy, copy.nature) == (wamid, True, Nature.WORDS)
    assert (echo.text, echo.copy, echo.nature) == ("Sono l’assistente", True, Nature.ECHO)
    assert echo.address == copy.address


def test_the_business_takes_a_thread_only_as_escalation_partner(responder: Town, catcher: Catcher) -> None:
    anna = responder.citizen("Anna Esempio")
    responder.writes(anna, "Buongiorno")
    refused = control(responder, anna, "take")
    assert (refused.status, refused.body["error"]["code"]) == (400, 2494191)
    responder.sandbox.control("POST", "/responder", {"may_take": True})
    assert control(responder, anna, "take").status == 200


def test_a_service_message_takes_the_thread_and_the_responder_takes_it_again(
    responder: Town, catcher: Catcher
) -> None:
    anna = responder.citizen("Anna Esempio")
    responder.writes(anna, "Buongiorno")
    responder.text(anna, "Eccoci")
    assert control(responder, anna, "take").status == 200


def test_the_responder_passes_the_thread_to_the_business(responder: Town, catcher: Catcher) -> None:
    anna = responder.citizen("Anna Esempio", hide_number=True)
    responder.writes(anna, "Buongiorno")
    responder.sandbox.control("POST", f"/people/{anna['id']}/handover", {})
    catcher.wait(lambda: any(isinstance(event, HandedOver) and event.ours for event in heard(catcher)))


def test_switched_off_everything_comes_to_the_business_again(responder: Town, catcher: Catcher) -> None:
    anna = responder.citizen("Anna Esempio")
    responder.writes(anna, "Buongiorno")
    responder.sandbox.control("POST", "/responder", {"on": False})
    wamid = responder.writes(anna, "Di nuovo")
    catcher.wait_message(wamid)
    event = next(event for event in heard(catcher) if getattr(event, "message_id", "") == wamid)
    assert not event.copy


def test_an_edit_and_a_deletion_name_their_message(town: Town, catcher: Catcher) -> None:
    anna = town.citizen("Anna Esempio")
    first = town.writes(anna, "ISCRIVMI")
    edited = town.writes(anna, type="edit", message_id=first, text="ISCRIVIMI")
    deleted = town.writes(anna, type="delete", message_id=first)
    catcher.wait_message(deleted)
    catcher.wait_message(edited)
    events = {event.message_id: event for event in heard(catcher) if isinstance(event, MessageReceived)}
    assert (events[edited].nature, events[edited].about, events[edited].text) == (
        Nature.EDIT,
        first,
        "ISCRIVIMI",
    )
    assert (events[deleted].nature, events[deleted].about) == (Nature.DELETION, first)
