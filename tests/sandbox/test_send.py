# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The business sends: what is accepted, how it is answered, what the phone shows."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.catcher import Catcher
from tests.sandbox.sendable import SENDABLE
from tests.sandbox.town import Town, named


@pytest.mark.parametrize(
    "body", SENDABLE, ids=lambda body: str(body.get("interactive", body).get("type", "text"))
)
def test_every_kind_of_message_is_accepted_and_reaches_the_phone(
    town: Town, anna: dict[str, Any], body: dict[str, Any], catcher: Catcher
) -> None:
    answer = town.sends({"to": anna["phone"], **body})
    assert answer.status == 200, answer.body
    assert answer.body["messaging_product"] == "whatsapp"
    assert answer.body["contacts"] == [{"input": anna["phone"], "wa_id": anna["phone"]}]
    (message,) = answer.body["messages"]
    assert message["id"].startswith("wamid.")
    assert set(message) == {"id"}
    catcher.wait_status(message["id"], "delivered")
    shown = town.chat(anna)[-1]
    assert shown["id"] == message["id"]
    kind = body.get("type", "text")
    assert shown[kind] == body[kind]


@pytest.mark.parametrize("written", ["+39 347 00{}", "(+39) 347-00{}", "+3934700{}", "3934700{}"])
def test_a_phone_may_be_written_with_signs_and_spaces(town: Town, anna: dict[str, Any], written: str) -> None:
    answer = town.sends({"to": written.format(anna["phone"][7:]), "type": "text", "text": {"body": "Ciao"}})
    assert answer.status == 200, answer.body
    assert answer.body["contacts"][0]["wa_id"] == anna["phone"]
    assert answer.body["contacts"][0]["input"] == written.format(anna["phone"][7:])


def test_a_business_scoped_id_is_an_address_too(town: Town, catcher: Catcher) -> None:
    elena = town.citizen("Elena Senzanumero", hide_number=True)
    town.writes(elena, "Buongiorno")
    answer = town.sends({"recipient": elena["user_id"], "type": "text", "text": {"body": "Buongiorno"}})
    assert answer.body["contacts"] == [{"input": elena["user_id"], "user_id": elena["user_id"]}]
    status = catcher.wait_status(answer.body["messages"][0]["id"], "delivered")
    assert status["recipient_user_id"] == elena["user_id"]
    assert "recipient_id" not in status


def test_when_both_addresses_are_given_the_phone_wins(town: Town, anna: dict[str, Any]) -> None:
    bruno = town.citizen("Bruno Campione")
    town.sent(
        {"to": anna["phone"], "recipient": bruno["user_id"], "type": "text", "text": {"body": "Per Anna"}}
    )
    assert town.chat(anna)[-1]["text"]["body"] == "Per Anna"
    assert town.chat(bruno) == []


def test_the_opaque_data_comes_back_in_each_status(
    town: Town, anna: dict[str, Any], catcher: Catcher
) -> None:
    wamid = town.text(anna, biz_opaque_callback_data="consegna 7" + "x" * 502)
    for status in ("sent", "delivered"):
        assert catcher.wait_status(wamid, status)["biz_opaque_callback_data"] == "consegna 7" + "x" * 502


def test_a_reply_quotes_the_message_it_answers(town: Town, anna: dict[str, Any]) -> None:
    asked = town.chat(anna)[0]["id"]
    town.text(anna, "Risposta", context={"message_id": asked})
    assert town.chat(anna)[-1]["context"] == {"id": asked}


def test_a_reaction_is_shown_on_the_message_and_only_sent(
    town: Town, anna: dict[str, Any], catcher: Catcher
) -> None:
    asked = town.chat(anna)[0]["id"]
    wamid = town.sent(
        {"to": anna["phone"], "type": "reaction", "reaction": {"message_id": asked, "emoji": "👍"}}
    )
    catcher.wait_status(wamid, "sent")
    later = town.text(anna)
    catcher.wait_status(later, "delivered")
    assert catcher.statuses(wamid) == ["sent"]
    assert town.chat(anna)[0]["business_reaction"] == "👍"
    town.sent({"to": anna["phone"], "type": "reaction", "reaction": {"message_id": asked, "emoji": ""}})
    assert "business_reaction" not in town.chat(anna)[0]


def test_marking_as_read_covers_the_earlier_messages(town: Town, anna: dict[str, Any]) -> None:
    second = town.writes(anna, "C'è qualcuno?")
    third = town.writes(anna, "Pronto?")
    answer = town.sends({"status": "read", "message_id": second, "typing_indicator": {"type": "text"}})
    assert (answer.status, answer.body) == (200, {"success": True})
    assert {message["id"]: message["status"] for message in town.chat(anna)}[third] == "delivered"
    assert [message["status"] for message in town.chat(anna)] == ["read", "read", "delivered"]


def test_a_template_is_filled_in_with_its_parameters(town: Town) -> None:
    town.approved(
        "avviso_strada",
        parameter_format="NAMED",
        components=[
            {"type": "HEADER", "format": "TEXT", "text": "Viabilità"},
            {
                "type": "BODY",
                "text": "Da domani {{via}} è chiusa al traffico per lavori.",
                "example": {"body_text_named_params": [{"param_name": "via", "example": "Via Roma"}]},
            },
            {"type": "FOOTER", "text": "Comune di Esempio"},
            {
                "type": "BUTTONS",
                "buttons": [
                    {"type": "QUICK_REPLY", "text": "Non mi interessa"},
                    {
                        "type": "URL",
                        "text": "Leggi",
                        "url": "https://www.example.org/{{1}}",
                        "example": ["avviso"],
                    },
                ],
            },
        ],
    )
    never_wrote = town.citizen(automatic=False)
    answer = town.sends(
        {
            "to": never_wrote["phone"],
            "type": "template",
            "template": {
                "name": "avviso_strada",
                "language": {"code": "it"},
                "components": [
                    {
                        "type": "body",
                        "parameters": [{"type": "text", "parameter_name": "via", "text": "Via Prova"}],
                    },
                    {
                        "type": "button",
                        "sub_type": "quick_reply",
                        "index": "0",
                        "parameters": [{"type": "payload", "payload": "STOP"}],
                    },
                    {
                        "type": "button",
                        "sub_type": "url",
                        "index": "1",
                        "parameters": [{"type": "text", "text": "lavori"}],
                    },
                ],
            },
        }
    )
    assert answer.body["messages"][0]["message_status"] == "accepted"
    assert town.chat(never_wrote)[-1]["rendered"] == {
        "name": "avviso_strada",
        "header": {"type": "text", "text": "Viabilità"},
        "body": "Da domani Via Prova è chiusa al traffico per lavori.",
        "footer": "Comune di Esempio",
        "buttons": [
            {"type": "QUICK_REPLY", "text": "Non mi interessa", "payload": "STOP"},
            {"type": "URL", "text": "Leggi", "url": "https://www.example.org/lavori"},
        ],
    }


def test_a_crowd_gets_templates_too_and_shows_them(town: Town) -> None:
    town.approved("avviso_breve")
    person = town.sandbox.control("POST", "/people", {"count": 3, "prefix": "39370"})["people"][2]
    town.sent({"to": person["phone"], **named("avviso_breve")})
    assert town.chat(person)[-1]["rendered"]["body"] == "Oggi chiude la strada."


def test_any_version_of_the_api_from_20_on_answers(town: Town) -> None:
    headers = {"Authorization": f"Bearer {town.sandbox.token}"}
    for version, status in (("v20.0", 200), ("v24.0", 200), ("v26.0", 200), ("v19.0", 400)):
        assert town.sandbox.ask("GET", f"/{version}/{town.number}", headers=headers).status == status
