# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever is sent to it, it refuses in Meta's words: never an error of its own."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest

from tests.sandbox.sendable import SENDABLE
from tests.sandbox.town import Town
from tests.sandbox.written import WRITTEN

JUNK: list[Any] = [
    None,
    True,
    0,
    -1,
    1.5,
    "",
    "x",
    "x" * 5000,
    [],
    [[]],
    [None],
    ["x"],
    {},
    {"type": []},
    {"x": {}},
]
ROUNDS = 400

TEMPLATE: dict[str, Any] = {
    "type": "template",
    "template": {
        "name": "resistente",
        "language": {"code": "it"},
        "components": [
            {"type": "header", "parameters": [{"type": "text", "text": "x"}]},
            {"type": "body", "parameters": [{"type": "text", "text": "x"}]},
            {"type": "button", "sub_type": "url", "index": 0, "parameters": [{"type": "text", "text": "x"}]},
        ],
    },
}
DEFINITION: dict[str, Any] = {
    "name": "resistente",
    "language": "it",
    "category": "UTILITY",
    "parameter_format": "POSITIONAL",
    "components": [
        {"type": "HEADER", "format": "TEXT", "text": "Avviso {{1}}", "example": {"header_text": ["x"]}},
        {"type": "BODY", "text": "Da oggi {{1}} chiude al traffico.", "example": {"body_text": [["x"]]}},
        {"type": "FOOTER", "text": "Comune"},
        {
            "type": "BUTTONS",
            "buttons": [{"type": "URL", "text": "Leggi", "url": "https://e.org/{{1}}", "example": ["x"]}],
        },
    ],
}


def spoilt(body: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """The body with one of its parts replaced by something that does not belong there, or taken away."""
    whole = {"body": copy.deepcopy(body)}
    places: list[tuple[Any, Any]] = []

    def visit(node: Any) -> None:
        for key in list(node) if isinstance(node, dict) else range(len(node)):
            places.append((node, key))
            if isinstance(node[key], dict | list):
                visit(node[key])

    visit(whole["body"])
    node, key = chance.choice(places)
    if isinstance(node, dict) and chance.random() < 0.2:
        del node[key]
    else:
        node[key] = copy.deepcopy(chance.choice(JUNK))
    return whole["body"]


def test_no_spoilt_message_breaks_it(town: Town, anna: dict[str, Any]) -> None:
    town.conditions(pair_limit=False, fetch_links=False)
    town.approved("resistente", components=DEFINITION["components"])
    good: list[dict[str, Any]] = [
        {"to": anna["phone"], "context": {"message_id": "wamid.x"}, **body} for body in [*SENDABLE, TEMPLATE]
    ]
    good.append(
        {"to": anna["phone"], "type": "image", "image": {"link": "https://e.org/a.png", "caption": "x"}}
    )
    good.append({"status": "read", "message_id": "wamid.x", "typing_indicator": {"type": "text"}})
    chance = random.Random(2026)
    for _ in range(ROUNDS):
        body = spoilt(chance.choice(good), chance)
        answer = town.sends(body)
        assert answer.status in (200, 400, 404), f"{answer.status} {answer.body} to {body}"
        assert answer.status == 200 or answer.body["error"]["code"], body


@pytest.mark.parametrize("method", ["POST", "DELETE"])
@pytest.mark.parametrize(
    "edge", ["block_users", "message_qrdls", "whatsapp_business_profile", "register", ""]
)
def test_no_spoilt_request_to_a_number_breaks_it(town: Town, edge: str, method: str) -> None:
    good: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "block_users": [{"user": "393330000001"}],
        "prefilled_message": "x",
        "code": "ABC",
        "generate_qr_image": "SVG",
        "about": "x",
        "websites": ["https://e.org"],
        "vertical": "GOVT",
        "pin": "123456",
        "webhook_configuration": {"override_callback_uri": "", "verify_token": "x"},
    }
    chance = random.Random(edge)
    for _ in range(30):
        body = spoilt(good, chance)
        answer = town.sandbox.graph(method, f"/{town.number}/{edge}".rstrip("/"), body)
        assert answer.status in (200, 400), f"{answer.status} {answer.body} to {body}"


def test_no_spoilt_template_breaks_it(town: Town) -> None:
    chance = random.Random(2026)
    for _ in range(ROUNDS // 4):
        body = spoilt(DEFINITION, chance)
        answer = town.sandbox.graph("POST", f"/{town.sandbox.waba_id}/message_templates", body)
        assert answer.status in (200, 400), f"{answer.status} {answer.body} to {body}"


def test_no_spoilt_control_request_breaks_it(town: Town) -> None:
    chance = random.Random(2026)
    person = town.citizen()
    good: list[tuple[str, str, dict[str, Any]]] = [
        ("POST", f"/people/{person['id']}/messages", body | {"context": {"id": "wamid.x"}})
        for _, body, _ in WRITTEN
    ]
    good += [
        (
            "POST",
            f"/people/{person['id']}/messages",
            {"type": "system", "system": {"type": "user_changed_user_id"}},
        ),
        ("POST", f"/people/{person['id']}/messages", {"type": "raw", "message": {"type": "x"}}),
        ("POST", "/people", {"count": 2, "prefix": "x", "hide_number": True, "list": False}),
        ("POST", "/people", {"name": "x", "hide_number": True, "automatic": True}),
        ("POST", f"/people/{person['id']}/read", {"to": "1"}),
        ("PATCH", f"/people/{person['id']}", {"online": True, "name": "x"}),
        (
            "POST",
            "/conditions",
            {"errors": [{"code": 1, "rate": 0}], "webhooks": {"batch": 1}, "latency_ms": 0},
        ),
    ]
    for _ in range(ROUNDS):
        method, path, body = chance.choice(good)
        changed = spoilt(body, chance)
        answer = town.sandbox.ask(method, f"/sandbox{path}", changed)
        assert answer.status in (200, 201, 400), f"{answer.status} {answer.body} to {method} {path} {changed}"
    assert town.sandbox.control("GET", f"/people/{person['id']}/messages")["messages"]
