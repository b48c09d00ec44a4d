# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is sent, as Meta's document wants it."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import jsonschema
import pytest
import yaml

from arengo.platforms.contract import (
    Buttons,
    Choice,
    Listing,
    LocationRequest,
    Media,
    NumberRequest,
    Outgoing,
    Parameter,
    Reaction,
    Section,
    Template,
    TemplateButton,
    Text,
)
from arengo.platforms.whatsapp import bodies
from tests.platforms.examples import OPENAPI, needs_openapi
from tests.platforms.outgoing import ANNA, BRUNO, choices, problems

SENT: list[tuple[Outgoing, dict[str, Any]]] = [
    (
        Text("Buongiorno", preview_url=True, reply_to="wamid.B"),
        {
            "type": "text",
            "text": {"body": "Buongiorno", "preview_url": True},
            "context": {"message_id": "wamid.B"},
        },
    ),
    (Media("image", "7", "La piazza"), {"type": "image", "image": {"id": "7", "caption": "La piazza"}}),
    (
        Media("document", "8", "Il bando", "Bando.pdf"),
        {"type": "document", "document": {"id": "8", "caption": "Il bando", "filename": "Bando.pdf"}},
    ),
    (Media("audio", "9", filename="x.ogg"), {"type": "audio", "audio": {"id": "9"}}),
    (Media("video", "9"), {"type": "video", "video": {"id": "9"}}),
    (Media("sticker", "9"), {"type": "sticker", "sticker": {"id": "9"}}),
    (Reaction("wamid.B", "👍"), {"type": "reaction", "reaction": {"message_id": "wamid.B", "emoji": "👍"}}),
    (Reaction("wamid.B", ""), {"type": "reaction", "reaction": {"message_id": "wamid.B", "emoji": ""}}),
    (
        Buttons("Vuole iscriversi?", [Choice("si", "Sì"), Choice("no", "No")], "Comune", "Grazie"),
        {
            "type": "interactive",
            "interactive": {
                "type": "button",
                "header": {"type": "text", "text": "Comune"},
                "body": {"text": "Vuole iscriversi?"},
                "footer": {"text": "Grazie"},
                "action": {
                    "buttons": [
                        {"type": "reply", "reply": {"id": "si", "title": "Sì"}},
                        {"type": "reply", "reply": {"id": "no", "title": "No"}},
                    ]
                },
            },
        },
    ),
    (
        Listing(
            "Quale?",
            "Scegli",
            [Section("Uffici", [Choice("a", "Anagrafe", "Primo piano"), Choice("t", "Tributi")])],
        ),
        {
            "type": "interactive",
            "interactive": {
                "type": "list",
                "body": {"text": "Quale?"},
                "action": {
                    "button": "Scegli",
                    "sections": [
                        {
                            "title": "Uffici",
                            "rows": [
                                {"id": "a", "title": "Anagrafe", "description": "Primo piano"},
                                {"id": "t", "title": "Tributi"},
                            ],
                        }
                    ],
                },
            },
        },
    ),
    (
        Template("avviso", "it"),
        {"type": "template", "template": {"name": "avviso", "language": {"code": "it"}}},
    ),
    (
        Template(
            "avviso_strada",
            "it",
            header_media_kind="image",
            header_media_id="7",
            body=[Parameter("Via Roma", "via")],
            buttons=[TemplateButton(0, "quick_reply", "STOP"), TemplateButton(1, "url", "avvisi/12")],
        ),
        {
            "type": "template",
            "template": {
                "name": "avviso_strada",
                "language": {"code": "it"},
                "components": [
                    {"type": "header", "parameters": [{"type": "image", "image": {"id": "7"}}]},
                    {
                        "type": "body",
                        "parameters": [{"type": "text", "parameter_name": "via", "text": "Via Roma"}],
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
                        "parameters": [{"type": "text", "text": "avvisi/12"}],
                    },
                ],
            },
        },
    ),
    (
        Template("saluto", "it", header_text=Parameter("Anna"), body=[Parameter("uno"), Parameter("due")]),
        {
            "type": "template",
            "template": {
                "name": "saluto",
                "language": {"code": "it"},
                "components": [
                    {"type": "header", "parameters": [{"type": "text", "text": "Anna"}]},
                    {
                        "type": "body",
                        "parameters": [{"type": "text", "text": "uno"}, {"type": "text", "text": "due"}],
                    },
                ],
            },
        },
    ),
]
IDS = [f"{type(outgoing).__name__}-{number}" for number, (outgoing, _) in enumerate(SENT)]


@pytest.mark.parametrize(("outgoing", "expected"), SENT, ids=IDS)
def test_each_kind_is_written_as_meta_wants_it(outgoing: Outgoing, expected: dict[str, Any]) -> None:
    assert bodies.message(ANNA, outgoing, "d-1") == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "+393330000001",
        "biz_opaque_callback_data": "d-1",
        **expected,
    }
    assert problems(outgoing) == []


@pytest.mark.parametrize(
    ("outgoing", "kind", "action"),
    [
        (LocationRequest("Dov’è?", reply_to="wamid.B"), "location_request_message", "send_location"),
        (NumberRequest("Per richiamarla"), "request_contact_info", "request_contact_info"),
    ],
)
def test_requests_are_written_as_metas_pages_show_them(outgoing: Any, kind: str, action: str) -> None:
    """Meta's document knows neither."""
    body = bodies.message(BRUNO, outgoing, "")
    assert body["type"] == "interactive"
    assert body["interactive"] == {"type": kind, "body": {"text": outgoing.body}, "action": {"name": action}}
    assert ("context" in body) == (outgoing.reply_to is not None)
    assert problems(outgoing) == []
    assert problems(type(outgoing)("x" * 1025))
    assert problems(type(outgoing)(" "))


def test_a_person_without_a_phone_number_is_written_to_by_user_id() -> None:
    body = bodies.message(BRUNO, Text("ciao"), "")
    assert body["recipient"] == "IT.88888888"
    assert "to" not in body
    assert "biz_opaque_callback_data" not in body


def test_reading_and_typing() -> None:
    read = {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.B"}
    assert bodies.read("wamid.B", typing=False) == read
    assert bodies.read("wamid.B", typing=True) == {**read, "typing_indicator": {"type": "text"}}


# --- Meta's OpenAPI document ------------------------------------------------------------------------------


@cache
def _document() -> dict[str, Any]:
    """Meta's document, with what makes it contradict Meta's own requests taken out.

    ``additionalProperties: false`` inside an ``allOf`` forbids the properties of its siblings; ``language.policy`` is
    required and no request of Meta's pages has it; the pattern of ``index`` is a footnote of the page.
    """
    document: dict[str, Any] = yaml.safe_load(OPENAPI.read_text())
    schemas = document["components"]["schemas"]
    for schema in schemas.values():
        for part in schema.get("allOf", []):
            part.pop("additionalProperties", None)
    schemas["LanguageObject"]["required"] = ["code"]
    for name in ("TemplateComponent", "ButtonComponent"):
        for part in (schemas[name], *schemas[name].get("allOf", [])):
            part.get("properties", {}).get("index", {}).pop("pattern", None)
    return document


def _valid(schema: str, value: Any) -> None:
    jsonschema.Draft202012Validator({**_document(), "$ref": f"#/components/schemas/{schema}"}).validate(value)


SCHEMAS = {
    "text": "TextMessage",
    "image": "ImageMessage",
    "document": "DocumentMessage",
    "audio": "AudioMessage",
    "video": "VideoMessage",
    "sticker": "StickerMessage",
    "reaction": "ReactionMessage",
    "interactive": "InteractiveMessage",
    "template": "TemplateMessage",
}
COMPONENTS = {"header": "HeaderComponent", "body": "BodyComponent", "button": "ButtonComponent"}


@needs_openapi
@pytest.mark.parametrize("outgoing", [outgoing for outgoing, _ in SENT], ids=IDS)
def test_each_kind_agrees_with_metas_document(outgoing: Outgoing) -> None:
    body = bodies.message(ANNA, outgoing, "d-1")
    _valid(SCHEMAS[body["type"]], body)
    for component in body.get("template", {}).get("components", []):
        _valid(COMPONENTS[component["type"]], component)


@needs_openapi
def test_metas_document_would_notice_a_mistake() -> None:
    body = bodies.message(ANNA, Buttons("x", choices(4)), "d-1")
    with pytest.raises(jsonschema.ValidationError):
        _valid("InteractiveMessage", body)
    with pytest.raises(jsonschema.ValidationError):
        _valid("TextMessage", {**bodies.message(ANNA, Text("x"), ""), "text": {"bodi": "x"}})


@needs_openapi
def test_reading_agrees_with_metas_document() -> None:
    _valid("MarkMessageRequestPayload", bodies.read("wamid.B", typing=True))


def test_a_body_is_json_that_keeps_every_letter() -> None:
    body = bodies.message(ANNA, Text("È perché? 🙂 \u2028 «sì»"), "d-1")
    assert json.loads(json.dumps(body)) == body
