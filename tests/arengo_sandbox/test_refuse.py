# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What Meta refuses is refused here with the same code, status and envelope."""

from __future__ import annotations

from typing import Any

import pytest

from tests.arengo_sandbox.town import Town, named


def _buttons(count: int = 1, *, title: str = "Scelta", id_: str = "b", **change: Any) -> dict[str, Any]:
    buttons = [{"type": "reply", "reply": {"id": f"{id_}{n}", "title": f"{title}{n}"}} for n in range(count)]
    interactive = {"type": "button", "body": {"text": "Sì o no?"}, "action": {"buttons": buttons}}
    return {"type": "interactive", "interactive": interactive | change}


def _list(rows: int = 1, **change: Any) -> dict[str, Any]:
    row = change.pop("row", {})
    listed = [{"id": f"r{n}", "title": f"Riga {n}"} | row for n in range(rows)]
    action = {"button": "Scegli", "sections": [{"title": "Uffici", "rows": listed}]} | change.pop(
        "action", {}
    )
    return {
        "type": "interactive",
        "interactive": {"type": "list", "body": {"text": "Scelga"}, "action": action} | change,
    }


def _cta(**parameters: Any) -> dict[str, Any]:
    action = {
        "name": "cta_url",
        "parameters": {"display_text": "Apri", "url": "https://www.example.org"} | parameters,
    }
    return {
        "type": "interactive",
        "interactive": {"type": "cta_url", "body": {"text": "Leggi"}, "action": action},
    }


REFUSED: list[tuple[str, dict[str, Any], int]] = [
    ("text too long", {"type": "text", "text": {"body": "x" * 4097}}, 100),
    ("text empty", {"type": "text", "text": {"body": "  "}}, 100),
    ("text missing", {"type": "text"}, 131008),
    ("text without body", {"type": "text", "text": {}}, 131008),
    ("no type", {}, 131008),
    ("unknown type", {"type": "telegram", "text": {"body": "x"}}, 100),
    (
        "opaque data too long",
        {"type": "text", "text": {"body": "x"}, "biz_opaque_callback_data": "x" * 513},
        100,
    ),
    (
        "caption too long",
        {"type": "image", "image": {"link": "https://e.org/a.png", "caption": "x" * 1025}},
        100,
    ),
    ("id and link", {"type": "image", "image": {"link": "https://e.org/a.png", "id": "1"}}, 100),
    ("neither id nor link", {"type": "image", "image": {"caption": "x"}}, 100),
    ("link of another kind", {"type": "image", "image": {"link": "ftp://e.org/a.png"}}, 100),
    ("unknown media", {"type": "image", "image": {"id": "123"}}, 131009),
    ("audio with caption", {"type": "audio", "audio": {"link": "https://e.org/a.ogg", "caption": "x"}}, 100),
    ("place off the globe", {"type": "location", "location": {"latitude": 99, "longitude": 0}}, 131009),
    ("contact without name", {"type": "contacts", "contacts": [{"phones": []}]}, 131008),
    (
        "reaction of letters",
        {"type": "reaction", "reaction": {"message_id": "wamid.x", "emoji": "ok"}},
        131009,
    ),
    ("four buttons", _buttons(4), 131009),
    ("no buttons", _buttons(0), 131009),
    ("button title too long", _buttons(title="x" * 20), 131009),
    ("button id too long", _buttons(id_="x" * 256), 131009),
    ("button body too long", _buttons(body={"text": "x" * 1025}), 131009),
    ("body missing", _buttons(body=None), 131008),
    ("footer too long", _buttons(footer={"text": "x" * 61}), 131009),
    ("header too long", _buttons(header={"type": "text", "text": "x" * 61}), 131009),
    ("eleven rows", _list(11), 131009),
    ("row title too long", _list(row={"title": "x" * 25}), 131009),
    ("row id too long", _list(row={"id": "x" * 201}), 131009),
    ("row description too long", _list(row={"description": "x" * 73}), 131009),
    ("two rows of one id", _list(2, row={"id": "r"}), 131009),
    ("list button too long", _list(action={"button": "x" * 21}), 131009),
    (
        "section title too long",
        _list(action={"sections": [{"title": "x" * 25, "rows": [{"id": "a", "title": "b"}]}]}),
        131009,
    ),
    ("list body too long", _list(body={"text": "x" * 4097}), 131009),
    ("list with an image", _list(header={"type": "image", "image": {"link": "https://e.org/a.png"}}), 131009),
    ("link label too long", _cta(display_text="x" * 21), 131009),
    ("link of no kind", _cta(url="javascript:alert(1)"), 131009),
    ("group", {"recipient_type": "group", "type": "text", "text": {"body": "x"}}, 100),
]


@pytest.mark.parametrize(("body", "code"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_a_malformed_message_is_refused(
    town: Town, anna: dict[str, Any], body: dict[str, Any], code: int
) -> None:
    answer = town.sends({"to": anna["phone"], **body})
    assert answer.status == 400, answer.body
    error = answer.body["error"]
    assert error["code"] == code
    assert error["message"].startswith(f"(#{code}) ")
    assert error["type"] == "OAuthException"
    assert error["error_data"]["messaging_product"] == "whatsapp"
    assert error["error_data"]["details"]
    assert error["fbtrace_id"]


def test_the_limits_themselves_are_allowed(town: Town, anna: dict[str, Any]) -> None:
    for body in (
        _buttons(
            title="x" * 19,
            id_="x" * 255,
            body={"text": "x" * 1024},
            footer={"text": "x" * 60},
        ),
        _list(10, row={"title": "x" * 24, "description": "x" * 72}, action={"button": "x" * 20}),
        _cta(display_text="x" * 20),
    ):
        assert town.sends({"to": anna["phone"], **body}).status == 200


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"type": "text", "text": {"body": "x"}}, 100),
        ({"to": "non un numero", "type": "text", "text": {"body": "x"}}, 100),
        ({"to": "390550000001", "type": "text", "text": {"body": "x"}}, 131021),
    ],
    ids=["nobody", "no number", "itself"],
)
def test_an_address_that_is_none_is_refused(town: Town, body: dict[str, Any], code: int) -> None:
    assert town.sends(body).body["error"]["code"] == code


def test_a_body_that_is_not_json_is_refused(town: Town) -> None:
    answer = town.sandbox.ask(
        "POST", f"/v24.0/{town.number}/messages", None, {"Authorization": f"Bearer {town.sandbox.token}"}
    )
    assert (answer.status, answer.body["error"]["code"]) == (400, 100)


def test_the_product_must_be_named(town: Town, anna: dict[str, Any]) -> None:
    answer = town.sandbox.graph(
        "POST", f"/{town.number}/messages", {"to": anna["phone"], "text": {"body": "x"}}
    )
    assert (answer.status, answer.body["error"]["code"]) == (400, 100)


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer un'altra"}], ids=["none", "wrong"])
def test_without_the_token_nothing_is_done(town: Town, headers: dict[str, str]) -> None:
    answer = town.sandbox.ask("POST", f"/v24.0/{town.number}/messages", {}, headers)
    assert (answer.status, answer.body["error"]["code"]) == (401, 190)


def test_a_number_of_somebody_else_does_not_exist(town: Town, anna: dict[str, Any]) -> None:
    answer = town.sends({"to": anna["phone"], "text": {"body": "x"}}, number="999999999999999")
    assert (answer.status, answer.body["error"]["code"], answer.body["error"]["error_subcode"]) == (
        400,
        100,
        33,
    )


BODY = {
    "type": "BODY",
    "text": "Ciao {{1}}, da oggi chiude {{2}} per lavori urgenti.",
    "example": {"body_text": [["a", "b"]]},
}
FILLED: list[tuple[str, dict[str, Any], int]] = [
    ("unknown name", named("mai_visto"), 132001),
    ("too few parameters", named("due_parole", "Anna"), 132000),
    ("too many parameters", named("due_parole", "a", "b", "c"), 132000),
    ("a line break", named("due_parole", "Anna", "Via\nRoma"), 132018),
    ("a tab", named("due_parole", "Anna", "Via\tRoma"), 132018),
    ("five spaces", named("due_parole", "Anna", "Via     Roma"), 132018),
    ("an empty parameter", named("due_parole", "Anna", ""), 131008),
    ("too long", named("due_parole", "Anna", "x" * 1024), 132005),
    ("no language", {"type": "template", "template": {"name": "due_parole"}}, 131008),
    (
        "another language",
        {"type": "template", "template": {"name": "due_parole", "language": {"code": "de"}}},
        132001,
    ),
    (
        "an image for a text",
        {
            "type": "template",
            "template": {
                "name": "due_parole",
                "language": {"code": "it"},
                "components": [{"type": "body", "parameters": [{"type": "image", "image": {}}] * 2}],
            },
        },
        132012,
    ),
]


@pytest.mark.parametrize(("body", "code"), [case[1:] for case in FILLED], ids=[case[0] for case in FILLED])
def test_a_template_that_does_not_fit_is_refused(town: Town, body: dict[str, Any], code: int) -> None:
    if not town.sandbox.graph("GET", f"/{town.sandbox.waba_id}/message_templates?name=due_parole").body[
        "data"
    ]:
        town.approved("due_parole", components=[BODY])
    answer = town.sends({"to": town.citizen()["phone"], **body})
    assert answer.body["error"]["code"] == code, answer.body
    assert answer.status == (404 if code == 132001 else 400)


@pytest.mark.parametrize(("status", "code"), [("PAUSED", 132015), ("DISABLED", 132016), ("REJECTED", 132001)])
def test_a_template_that_may_not_be_sent_is_refused(town: Town, status: str, code: int) -> None:
    name = f"stato_{status.lower()}"
    template_id = town.approved(name)
    town.sandbox.control("POST", f"/templates/{template_id}/status", {"status": status})
    assert town.sends({"to": town.citizen()["phone"], **named(name)}).body["error"]["code"] == code


def test_an_unregistered_number_cannot_send(town: Town, anna: dict[str, Any]) -> None:
    assert town.sandbox.graph("POST", f"/{town.number}/deregister", {}).body == {"success": True}
    try:
        answer = town.sends({"to": anna["phone"], "text": {"body": "x"}})
        assert (answer.status, answer.body["error"]["code"]) == (400, 133010)
    finally:
        pin = {"messaging_product": "whatsapp", "pin": "123456"}
        assert town.sandbox.graph("POST", f"/{town.number}/register", pin).body == {"success": True}
