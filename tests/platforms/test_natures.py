# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an incoming item is to us, and the fields of Conversation Routing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from arengo.platforms.contract import (
    Address,
    HandedOver,
    MessageReceived,
    Nature,
    ReceiptReceived,
    Unreadable,
)
from tests.factories.webhooks import webhook
from tests.platforms.webhooks import ANNA, AT, message, only, parse, sent, status

HELLO = {"body": "ciao"}
EDIT = {"original_message_id": "wamid.B", "message": {"text": {"body": "Nuovo"}}}


@pytest.mark.parametrize(
    ("kind", "content", "nature"),
    [
        ("text", HELLO, Nature.WORDS),
        ("interactive", {"type": "button_reply", "button_reply": {"id": "si", "title": "Sì"}}, Nature.WORDS),
        ("button", {"payload": "STOP", "text": "Stop"}, Nature.WORDS),
        ("unsupported", {"type": "poll"}, Nature.WORDS),
        ("hologram", {"depth": 3}, Nature.WORDS),
        ("edit", EDIT, Nature.EDIT),
        ("unsupported", {"type": "edit"}, Nature.EDIT),
        ("revoke", {"original_message_id": "wamid.B"}, Nature.DELETION),
        ("unsupported", {"type": "revoke"}, Nature.DELETION),
        ("reaction", {"message_id": "wamid.B", "emoji": "👍"}, Nature.REACTION),
        ("system", {"type": "customer_identity_changed", "body": "…"}, Nature.NOTICE),
    ],
)
def test_each_item_has_its_nature_and_none_in_a_group_is_private(
    kind: str, content: Any, nature: Nature
) -> None:
    assert message(kind, content).nature is nature
    assert message(kind, content, group_id="Y2Fw").nature is Nature.GROUP


def test_only_words_open_the_window_and_only_words_and_edits_are_said() -> None:
    assert {nature for nature in Nature if nature.opens_window} == {Nature.WORDS}
    assert {nature for nature in Nature if nature.is_said} == {Nature.WORDS, Nature.EDIT}


def test_an_edited_caption_is_what_the_message_says_now() -> None:
    edit = {
        "original_message_id": "wamid.B",
        "message": {"type": "image", "image": {"id": "7", "caption": "La buca"}},
    }
    event = message("edit", edit)
    assert (event.about, event.text, event.kind) == ("wamid.B", "La buca", "image")


# --- Conversation Routing -------------------------------------------------------------------------------------

ECHO = {
    "from": "390550000001",
    "to": "393330000001",
    "id": "wamid.E",
    "timestamp": "1749416383",
    "type": "text",
    "text": {"body": "Sono l’assistente"},
}


def test_a_copy_of_what_a_person_writes_is_theirs_and_said_to_be_a_copy() -> None:
    event = only(parse(webhook("standby", contacts=[ANNA], messages=[sent("text", HELLO)])))
    assert (event.address, event.name, event.copy) == (Address(phone="+393330000001"), "Anna Esempio", True)
    assert event.nature is Nature.WORDS
    assert not event.wants_answer


@pytest.mark.parametrize("name", ["message_echoes", "messages", "standby", "echoes"])
def test_an_echo_is_somebody_elses_words_to_the_person(name: str) -> None:
    event = only(parse(webhook("standby", **{name: [ECHO]})))
    assert (event.address, event.nature, event.copy) == (Address(phone="+393330000001"), Nature.ECHO, True)
    assert event.text == "Sono l’assistente"


def test_an_echo_to_somebody_without_a_number_names_their_user_id() -> None:
    echo = {key: value for key, value in ECHO.items() if key != "to"} | {"recipient_user_id": "IT.77"}
    assert only(parse(webhook("standby", messages=[echo]))).address == Address(user_id="IT.77")


def test_a_persons_message_that_names_our_number_as_its_addressee_is_no_echo() -> None:
    written = sent("text", HELLO, to="390550000001")
    assert only(parse(webhook("standby", messages=[written]))).nature is Nature.WORDS


def test_a_receipt_in_standby_moves_and_stops_nothing() -> None:
    failed = status("failed", errors=[{"code": 131042, "title": "Payment"}])
    for name in ("statuses", "standby"):
        event = only(parse(webhook("standby", **{name: [failed]})))
        assert isinstance(event, ReceiptReceived)
        assert event.remedy is None


def test_a_broken_copy_costs_itself_alone() -> None:
    events = parse(webhook("standby", messages=[{"id": 5}, sent("text", HELLO)]))
    assert isinstance(events[0], Unreadable)
    assert isinstance(events[1], MessageReceived)


def handover(**value: Any) -> Any:
    item = {"timestamp": "1749416383", "user_id": "IT.13", **value}
    return only(parse(webhook("messaging_handovers", messaging_handovers=[item])))


def test_control_passed_is_ours_and_control_taken_is_not() -> None:
    passed = handover(type="control_passed", control_passed={"new_owner_role": "escalation_partner"})
    assert passed == HandedOver(Address(user_id="IT.13"), True, AT, "escalation_partner", "100000000000001")
    taken = handover(control_taken={"new_owner_role": "primary"}, wa_id="393330000001")
    assert (taken.ours, taken.address) == (False, Address(phone="+393330000001", user_id="IT.13"))


def test_a_handover_of_a_kind_that_nobody_knows_is_shown_to_the_administrator() -> None:
    assert isinstance(handover(type="control_lent"), Unreadable)


def test_the_published_sample_of_a_handover_is_read() -> None:
    sample = {
        "type": "control_taken",
        "timestamp": "1790000002",
        "user_id": "IT.13491208655302741918",
        "control_taken": {"previous_owner_role": "primary", "new_owner_role": "escalation_partner"},
    }
    event = only(parse(webhook("messaging_handovers", messaging_handovers=[sample])))
    assert event.at == datetime.fromtimestamp(1790000002, UTC)
    assert (event.ours, event.role) == (False, "escalation_partner")


def test_a_standby_without_anything_that_is_known_is_shown_to_the_administrator() -> None:
    assert isinstance(only(parse(webhook("standby", holograms=[{}]))), Unreadable)


def test_a_handover_that_is_the_value_itself_is_read_too() -> None:
    item = {"type": "control_passed", "timestamp": "1749416383", "wa_id": "393330000001"}
    assert only(parse(webhook("messaging_handovers", **item))).ours
