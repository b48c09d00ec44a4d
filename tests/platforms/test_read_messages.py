# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people write, and who they are: each kind of message as an event."""

from __future__ import annotations

from typing import Any

import pytest

from arengo.platforms.contract import (
    Address,
    Card,
    Cards,
    Field,
    Form,
    IdentityChanged,
    IncomingMedia,
    Item,
    MessageReceived,
    Nature,
    Ordered,
    Picked,
    PreferenceChanged,
    Unknown,
    Unreadable,
)
from tests.factories.webhooks import webhook
from tests.platforms.webhooks import ANNA, AT, HIDDEN, message, only, parse, sent


@pytest.mark.parametrize(
    ("kind", "content", "expected"),
    [
        ("text", {"body": "Buongiorno"}, {"kind": "text", "text": "Buongiorno"}),
        (
            "image",
            {"id": "7", "mime_type": "image/jpeg", "sha256": "x", "caption": "La buca"},
            {"kind": "image", "text": "La buca", "media": IncomingMedia("7", "image/jpeg", "x")},
        ),
        (
            "document",
            {"id": "8", "mime_type": "application/pdf", "filename": "modulo.pdf"},
            {"kind": "document", "media": IncomingMedia("8", "application/pdf", "", "modulo.pdf")},
        ),
        (
            "audio",
            {"id": "9", "mime_type": "audio/ogg", "voice": True},
            {"kind": "audio", "media": IncomingMedia("9", "audio/ogg")},
        ),
        (
            "video",
            {"id": "9", "mime_type": "video/mp4"},
            {"kind": "video", "media": IncomingMedia("9", "video/mp4")},
        ),
        (
            "sticker",
            {"id": "9", "mime_type": "image/webp"},
            {"kind": "sticker", "media": IncomingMedia("9", "image/webp")},
        ),
        (
            "location",
            {"latitude": 43.77, "longitude": 11.25, "name": "Municipio", "address": "Piazza 1"},
            {"kind": "location", "text": "Municipio, Piazza 1", "latitude": 43.77, "longitude": 11.25},
        ),
        (
            "contacts",
            [{"name": {"formatted_name": "Carla Esempio"}, "phones": [{"phone": "+39 055 1"}]}, {}],
            {
                "kind": "contacts",
                "text": "Carla Esempio +39 055 1",
                "content": Cards((Card("Carla Esempio", (Field("+39 055 1", "phone"),)), Card())),
            },
        ),
        (
            "reaction",
            {"message_id": "wamid.B", "emoji": "👍"},
            {"kind": "reaction", "text": "👍", "reaction_to": "wamid.B"},
        ),
        ("reaction", {"message_id": "wamid.B"}, {"kind": "reaction", "text": "", "reaction_to": "wamid.B"}),
        (
            "interactive",
            {"type": "button_reply", "button_reply": {"id": "si", "title": "Sì"}},
            {"kind": "choice", "text": "Sì", "choice_id": "si"},
        ),
        (
            "interactive",
            {"type": "list_reply", "list_reply": {"id": "r1", "title": "Nati", "description": "x"}},
            {"kind": "choice", "text": "Nati", "choice_id": "r1", "from_list": True, "content": Picked("x")},
        ),
        (
            "interactive",
            {"type": "nfm_reply", "nfm_reply": {"response_json": "{}", "body": "Sent", "name": "flow"}},
            {"kind": "form", "text": "Sent", "content": Form((), "flow")},
        ),
        (
            "button",
            {"payload": "STOP", "text": "Stop"},
            {"kind": "choice", "text": "Stop", "choice_id": "STOP"},
        ),
        (
            "order",
            {"catalog_id": "1", "text": "Grazie", "product_items": []},
            {"kind": "order", "text": "Grazie", "content": Ordered((), "1")},
        ),
        (
            "system",
            {"type": "customer_identity_changed", "body": "…"},
            {"kind": "system", "text": "…", "detail": "customer_identity_changed"},
        ),
        (
            "unsupported",
            {"type": "poll"},
            {"kind": "unsupported", "detail": "poll", "content": Unknown("poll")},
        ),
        (
            "edit",
            {"original_message_id": "wamid.B", "message": {"text": {"body": "Nuovo"}}},
            {
                "kind": "text",
                "detail": "edit",
                "text": "Nuovo",
                "about": "wamid.B",
                "nature": Nature.EDIT,
            },
        ),
        (
            "revoke",
            {"original_message_id": "wamid.B"},
            {
                "kind": "unsupported",
                "detail": "revoke",
                "about": "wamid.B",
                "nature": Nature.DELETION,
            },
        ),
        (
            "hologram",
            {"depth": 3},
            {"kind": "unsupported", "detail": "hologram", "content": Unknown("hologram")},
        ),
    ],
)
def test_each_kind_of_message_is_read(kind: str, content: Any, expected: dict[str, Any]) -> None:
    assert message(kind, content) == MessageReceived(
        message_id="wamid.A",
        sent_at=AT,
        address=Address(phone="+393330000001"),
        name="Anna Esempio",
        number_id="100000000000001",
        **expected,
    )


def test_a_message_of_type_unsupported_says_its_code_when_it_names_no_type() -> None:
    odd = sent("unsupported", None, errors=[{"code": 131051, "title": "Message type unknown"}])
    assert only(parse(webhook(messages=[odd]))).detail == "131051"


def test_a_message_without_type_is_a_text() -> None:
    plain = sent("text", {"body": "ciao"})
    del plain["type"]
    assert only(parse(webhook(messages=[plain]))).text == "ciao"


def test_opening_the_chat_is_not_a_message() -> None:
    assert (
        parse(
            webhook(
                messages=[
                    {"from": "393330000001", "id": "wamid.A", "timestamp": "1", "type": "request_welcome"}
                ]
            )
        )
        == []
    )


def test_answers_forwards_groups_and_advertisements_are_told() -> None:
    hello = {"body": "ciao"}
    assert message("text", hello, context={"from": "39055", "id": "wamid.B"}).reply_to == "wamid.B"
    assert message("text", hello, context={"forwarded": True}).forwarded
    assert message("text", hello, context={"frequently_forwarded": True}).forwarded
    assert not message("text", hello, context=None).forwarded
    assert message("text", hello, group_id="Y2Fw").detail == "group"
    assert message("text", hello, referral={"source_type": "ad"}).detail == "referral"


# --- people without a phone number ------------------------------------------------------------------------


def test_a_person_without_a_phone_number_is_known_by_the_user_id_alone() -> None:
    hidden = {
        "from_user_id": "IT.1349120865530274",
        "from_parent_user_id": "IT.ENT.118",
        "id": "wamid.A",
        "timestamp": "1749416383",
        "type": "text",
        "text": {"body": "ciao"},
    }
    event = only(parse(webhook(contacts=[HIDDEN], messages=[hidden])))
    assert event.address == Address(user_id="IT.1349120865530274")
    assert (event.name, event.username, event.parent_user_id) == ("Bruno Esempio", "bruno", "IT.ENT.118")


@pytest.mark.parametrize(
    ("cards", "number"),
    [
        (
            [
                {
                    "phones": [{"phone": "+39 333 000 0077", "wa_id": "393330000077"}],
                    "origin": "contact_request",
                }
            ],
            "+393330000077",
        ),
        ([{"phones": [{"phone": "+39 333 000 0077"}], "origin": "contact_request"}], "+393330000077"),
        ([{"phones": [{"wa_id": "393330000077"}], "origin": "other"}], None),
        ([{"phones": [{"wa_id": "393330000077"}]}], None),
        (
            [{"phones": [{"wa_id": "393330000077"}, {"wa_id": "393330000078"}], "origin": "contact_request"}],
            None,
        ),
        ([{"phones": [{"phone": "333 000 0077"}], "origin": "contact_request"}], None),
        ([{"phones": None, "origin": "contact_request"}], None),
    ],
)
def test_only_the_answer_to_our_request_tells_the_senders_number(cards: Any, number: str | None) -> None:
    hidden = sent("contacts", cards, from_user_id="IT.1349120865530274", **{"from": None})
    event = only(parse(webhook(contacts=[HIDDEN], messages=[hidden])))
    assert event.address == Address(phone=number, user_id="IT.1349120865530274")


def test_a_user_id_in_the_place_of_a_number_never_becomes_a_number() -> None:
    for odd in ("IT.1349120865530274", "1349120865530274999", "12", "39333 000", "٣٩٣٣٣٠٠٠٠٠١", "", None):
        assert isinstance(
            only(parse(webhook(messages=[sent("text", {"body": "x"}, **{"from": odd})]))), Unreadable
        )


def test_the_contact_adds_the_address_that_the_message_leaves_out() -> None:
    both = {**ANNA, "user_id": "IT.77777777"}
    assert only(parse(webhook(contacts=[both], messages=[sent("text", {"body": "x"})]))).address == Address(
        phone="+393330000001", user_id="IT.77777777"
    )
    hidden = sent("text", {"body": "x"}, from_user_id="IT.77777777", **{"from": None})
    assert only(parse(webhook(contacts=[both], messages=[hidden]))).address.phone == "+393330000001"


def test_the_name_is_that_of_the_sender_and_of_nobody_else() -> None:
    other = {"profile": {"name": "Carla Esempio"}, "wa_id": "393330000002"}
    events = parse(
        webhook(
            contacts=[other, ANNA],
            messages=[sent("text", {"body": "x"}), sent("text", {"body": "y"}, **{"from": "393330000003"})],
        )
    )
    assert [event.name for event in events if isinstance(event, MessageReceived)] == ["Anna Esempio", ""]


@pytest.mark.parametrize(
    "contacts", [None, [], {}, "x", [None], [{"wa_id": 5}], [{"profile": None, "wa_id": "393330000001"}]]
)
def test_missing_or_broken_contacts_cost_only_the_name(contacts: Any) -> None:
    event = only(parse(webhook(contacts=contacts, messages=[sent("text", {"body": "x"})])))
    assert (event.address, event.name) == (Address(phone="+393330000001"), "")


def test_a_changed_number_is_the_same_person() -> None:
    change = sent("system", {"body": "…", "wa_id": "393330000009", "type": "user_changed_number"})
    assert only(parse(webhook(messages=[change]))) == IdentityChanged(
        Address("+393330000001"), Address("+393330000009"), AT
    )


def test_a_changed_user_id_is_the_same_person() -> None:
    change = sent(
        "system",
        {"wa_id": "393330000009", "user_id": "IT.2", "type": "user_changed_user_id"},
        from_user_id="IT.1",
    )
    assert only(parse(webhook(messages=[change]))) == IdentityChanged(
        Address("+393330000001", "IT.1"), Address("+393330000009", "IT.2"), AT
    )
    update = {
        "wa_id": "393330000001",
        "user_id": {"previous": "IT.1", "current": "IT.2"},
        "timestamp": "1749416383",
    }
    assert only(parse(webhook("user_id_update", user_id_update=[update]))) == IdentityChanged(
        Address(user_id="IT.1"), Address("+393330000001", "IT.2"), AT
    )
    del update["wa_id"]
    assert only(parse(webhook("user_id_update", user_id_update=[update]))).current == Address(user_id="IT.2")


@pytest.mark.parametrize(("value", "wants"), [("stop", False), ("resume", True)])
def test_what_a_person_tells_whatsapp_about_marketing_is_heard(value: str, wants: bool) -> None:
    said = {
        "user_id": "IT.1",
        "detail": "…",
        "category": "marketing_messages",
        "value": value,
        "timestamp": 1749416383,
    }
    assert only(parse(webhook("user_preferences", user_preferences=[said]))) == PreferenceChanged(
        Address(user_id="IT.1"), wants, AT, "…"
    )


# --- all that a message carries -----------------------------------------------------------------------------


def test_a_card_comes_whole() -> None:
    card = {
        "name": {"formatted_name": "Carla Esempio", "first_name": "Carla"},
        "phones": [{"phone": "+39 055 1", "type": "WORK", "wa_id": "390551"}, {"phone": "+39 333 2"}],
        "emails": [{"email": "carla@example.it", "type": "HOME"}],
        "urls": [{"url": "https://www.example.it"}],
        "addresses": [
            {"street": "Via Roma 1", "zip": "51100", "city": "Pistoia", "state": "PT", "type": "WORK"}
        ],
        "org": {"company": "Pro Loco", "department": "Feste", "title": "Presidente"},
        "birthday": "1980-02-29",
    }
    [found] = message("contacts", [card]).content.cards
    assert (found.name, [(field.kind, field.value, field.label) for field in found.fields]) == (
        "Carla Esempio",
        [
            ("phone", "+39 055 1", "WORK"),
            ("phone", "+39 333 2", ""),
            ("email", "carla@example.it", "HOME"),
            ("url", "https://www.example.it", ""),
            ("address", "Via Roma 1, 51100 Pistoia, PT", "WORK"),
            ("organization", "Pro Loco, Feste", ""),
            ("title", "Presidente", ""),
            ("birthday", "1980-02-29", ""),
        ],
    )


@pytest.mark.parametrize(
    ("answered", "expected"),
    [
        (
            '{"flow_token": "x", "nome": "Anna", "giorni": ["lun", "mar"]}',
            [("nome", "Anna"), ("giorni", "lun, mar")],
        ),
        (
            '{"consenso": true, "eta": 40, "vuoto": null, "dentro": {"a": 1}}',
            [("consenso", "✓"), ("eta", "40")],
        ),
        ("[1]", []),
        ("{", []),
        ("[" * 5000, []),
        (None, []),
    ],
)
def test_a_form_is_read_answer_by_answer(answered: str | None, expected: list[tuple[str, str]]) -> None:
    reply = {"type": "nfm_reply", "nfm_reply": {"response_json": answered, "body": "Sent", "name": "flow"}}
    found = message("interactive", reply)
    assert found.kind == "form"
    assert [(one.label, one.value) for one in found.content.answers] == expected


def test_an_order_tells_what_was_ordered() -> None:
    item = {"product_retailer_id": "T-shirt", "quantity": 2, "item_price": 7.5, "currency": "EUR"}
    order = message("order", {"catalog_id": "9", "text": "", "product_items": [item, {"quantity": "x"}]})
    assert order.content == Ordered((Item("T-shirt", "2", "7.5", "EUR"), Item("", "x")), "9")


def test_lists_without_end_are_cut() -> None:
    cards = [{"name": {"formatted_name": "x" * 5000}, "phones": [{"phone": str(n)} for n in range(99)]}] * 99
    found = message("contacts", cards).content.cards
    assert (len(found), len(found[0].fields), len(found[0].name)) == (50, 50, 1000)


@pytest.mark.parametrize(
    ("changes", "missed"),
    [
        ({}, True),
        ({"status": "FAILED"}, True),
        ({"status": ["COMPLETED"], "duration": 31}, False),
        ({"event": "connect"}, False),
        ({"direction": "BUSINESS_INITIATED"}, False),
    ],
)
def test_a_call_that_nobody_took_is_a_message_of_its_person(changes: dict[str, Any], missed: bool) -> None:
    call = {
        "id": "wacid.A",
        "from": "393330000001",
        "to": "390550000001",
        "event": "terminate",
        "direction": "USER_INITIATED",
        "timestamp": "1749416383",
    }
    events = parse(webhook("calls", contacts=[ANNA], calls=[{**call, **changes}]))
    found = [(event.kind, event.address.phone) for event in events]
    assert found == [("call", "+393330000001")] * missed
