# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is sent, and what is refused before it is."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import jsonschema
import pytest
import yaml
from django.utils.translation import override
from hypothesis import given, strategies as st

from arengo.core.lengths import Limit, Unit
from arengo.platforms.contract import (
    Address,
    Buttons,
    Choice,
    Listing,
    Media,
    Outgoing,
    Parameter,
    Reaction,
    Section,
    Template,
    TemplateButton,
    Text,
)
from arengo.platforms.contract.limits import least
from arengo.platforms.registry import common_limits, platform
from arengo.platforms.whatsapp import bodies
from arengo.platforms.whatsapp.platform import WhatsApp
from tests.platforms.examples import OPENAPI, needs_openapi

ANNA = Address(phone="+393330000001", user_id="IT.77777777")
BRUNO = Address(user_id="IT.88888888")
problems = WhatsApp().problems


def choices(count: int, **more: Any) -> list[Choice]:
    return [Choice(id=f"c{n}", title=f"Scelta {n}", **more) for n in range(count)]


def listing(*rows: int, title: str = "Uffici", **more: Any) -> Listing:
    numbers = iter(range(100))
    sections = [
        Section(
            f"{title} {n}" if len(rows) > 1 else title,
            [Choice(f"r{next(numbers)}", "Voce") for _ in range(count)],
        )
        for n, count in enumerate(rows)
    ]
    return Listing(**{"body": "Quale?", "button": "Scegli", "sections": sections, **more})


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


# --- refused before sending -------------------------------------------------------------------------------

FITS: list[Outgoing] = [
    Text("è" * 4096),
    Text("🙂" * 2048),
    Media("image", "7", "a" * 1024),
    Buttons("a" * 1024, choices(3), "h" * 60, "f" * 60),
    Buttons("a", [Choice("i" * 256, "t" * 20)]),
    listing(10),
    listing(*[1] * 10),
    listing(1, body="a" * 4096, button="b" * 20, header="h" * 60, footer="f" * 60, title="t" * 24),
    listing(1, title=""),
    Listing("a", "b", [Section("s", [Choice("i" * 200, "t" * 24, "d" * 72)])]),
    Template("a" * 512, "it", header_text=Parameter("h" * 60), body=[Parameter("p" * 1024)]),
    Template("a", "it", body=[Parameter("quattro    spazi")]),
    Template("a", "it", buttons=[TemplateButton(n, "quick_reply", "p" * 128) for n in range(10)]),
    Reaction("wamid.B", "👩🏽‍👩🏿‍👧🏻‍👦🏾"),
]
REFUSED: list[tuple[Outgoing, list[str]]] = [
    (Text("a" * 4097), ["4096", "4097"]),
    (Text("🙂" * 2049), ["4096", "4098"]),
    (Text(""), ["in bianco"]),
    (Text(" \n"), ["in bianco"]),
    (Text("mezza \ud83d"), ["carattere"]),
    (Media("image", "7", "a" * 1025), ["1024", "1025"]),
    (Media("image", ""), ["file"]),
    (Media("gif", "7"), ["gif"]),
    (Media("audio", "7", "ciao"), ["didascalia"]),
    (Buttons("a" * 1025, choices(1)), ["1024", "1025"]),
    (Buttons("", choices(1)), ["in bianco"]),
    (Buttons("a", choices(4)), ["3", "4"]),
    (Buttons("a", []), ["3", "0"]),
    (Buttons("a", choices(1), header="h" * 61), ["60", "61"]),
    (Buttons("a", choices(1), footer="f" * 61), ["60", "61"]),
    (Buttons("a", [Choice("c", "t" * 21)]), ["20", "21"]),
    (Buttons("a", [Choice("c", "")]), ["in bianco"]),
    (Buttons("a", [Choice("i" * 257, "t")]), ["256", "257"]),
    (Buttons("a", [Choice("", "t")]), ["in bianco"]),
    (Buttons("a", [Choice("c ", "t")]), ["spazio"]),
    (Buttons("a", [Choice("c", "t"), Choice("c", "u")]), ["“c”", "due volte"]),
    (Buttons("a", [Choice("c", "t"), Choice("d", "t")]), ["“t”", "due volte"]),
    (listing(11), ["10", "11"]),
    (listing(6, 5), ["10", "11"]),
    (listing(*[1] * 11), ["10", "11"]),
    (listing(1, 0), ["almeno una voce"]),
    (listing(1, body="a" * 4097), ["4096", "4097"]),
    (listing(1, button="b" * 21), ["20", "21"]),
    (listing(1, button=""), ["in bianco"]),
    (listing(1, header="h" * 61), ["60", "61"]),
    (listing(1, footer="f" * 61), ["60", "61"]),
    (listing(1, title="t" * 25), ["24", "25"]),
    (Listing("a", "b", [Section("", [Choice("1", "t")]), Section("s", [Choice("2", "t")])]), ["in bianco"]),
    (Listing("a", "b", [Section("s", [Choice("i" * 201, "t")])]), ["200", "201"]),
    (Listing("a", "b", [Section("s", [Choice("i", "t" * 25)])]), ["24", "25"]),
    (Listing("a", "b", [Section("s", [Choice("i", "t", "d" * 73)])]), ["72", "73"]),
    (Listing("a", "b", [Section("s", [Choice("i", "t"), Choice("i", "u")])]), ["“i”", "due volte"]),
    (Template("a" * 513, "it"), ["512"]),
    (Template("Avviso Strada", "it"), ["minuscole"]),
    (Template("avviso\n", "it"), ["minuscole"]),
    (Template("avviso", ""), ["lingua"]),
    (Template("a", "it", body=[Parameter("")]), ["“1”", "in bianco"]),
    (Template("a", "it", body=[Parameter("x", "via"), Parameter("   ", "ora")]), ["“ora”", "in bianco"]),
    (Template("a", "it", body=[Parameter("a\nb")]), ["a capo"]),
    (Template("a", "it", body=[Parameter("a\rb")]), ["a capo"]),
    (Template("a", "it", body=[Parameter("a\tb")]), ["tabulazioni"]),
    (Template("a", "it", body=[Parameter("a     b")]), ["4 spazi"]),
    (Template("a", "it", body=[Parameter("p" * 1025)]), ["1024", "1025"]),
    (Template("a", "it", body=[Parameter("p" * 600), Parameter("p" * 600)]), ["1024", "1200"]),
    (Template("a", "it", body=[Parameter("x", "via"), Parameter("y")]), ["nessuno"]),
    (Template("a", "it", body=[Parameter("x", "via"), Parameter("y", "via")]), ["“via”", "due volte"]),
    (Template("a", "it", header_text=Parameter("h" * 61)), ["60", "61"]),
    (
        Template("a", "it", header_text=Parameter("h"), header_media_kind="image", header_media_id="7"),
        ["non tutti e due"],
    ),
    (Template("a", "it", header_media_kind="audio", header_media_id="7"), ["foto"]),
    (Template("a", "it", header_media_kind="image"), ["caricato"]),
    (Template("a", "it", buttons=[TemplateButton(n, "url", "x") for n in range(11)]), ["10", "11"]),
    (Template("a", "it", buttons=[TemplateButton(0, "url", "")]), ["in bianco"]),
    (Template("a", "it", buttons=[TemplateButton(0, "phone", "x")]), ["riempire"]),
    (Template("a", "it", buttons=[TemplateButton(0, "quick_reply", "p" * 129)]), ["128", "129"]),
    (
        Template("a", "it", buttons=[TemplateButton(0, "url", "x"), TemplateButton(0, "url", "y")]),
        ["stesso pulsante"],
    ),
    (Reaction("", "👍"), ["messaggio"]),
    (Reaction("wamid.B", "bene"), ["emoji"]),
]


@pytest.mark.parametrize("outgoing", FITS, ids=range(len(FITS)))
def test_what_is_just_within_the_limits_has_no_problem(outgoing: Outgoing) -> None:
    assert problems(outgoing) == []


@pytest.mark.parametrize(("outgoing", "words"), REFUSED, ids=range(len(REFUSED)))
def test_what_whatsapp_would_refuse_is_said_with_limit_and_count(
    outgoing: Outgoing, words: list[str]
) -> None:
    with override("it"):
        found = " ".join(problems(outgoing))
    for word in words:
        assert word in found


@given(
    st.text(alphabet=st.sampled_from("aè\u0300😀👨\u200d👩🇮🇹ب"), min_size=1, max_size=40), st.integers(1, 120)
)
def test_what_the_forms_let_through_is_sent_and_nothing_else(part: str, times: int) -> None:
    text, limits = part * times, platform("whatsapp").limits
    fits = platform("whatsapp").problems(Text(text)) == []
    assert fits == (not limits.text.over(text))
    fits = platform("whatsapp").problems(Media("image", "1", caption=text)) == []
    assert fits == (not limits.caption.over(text))
    fits = platform("whatsapp").problems(Template("t", "it", body=[Parameter(text)])) == []
    assert fits == (not limits.template_body.over(text))


def test_a_text_for_any_platform_keeps_the_tightest_limit_in_its_own_unit() -> None:
    known = platform("whatsapp").limits
    short = known._replace(text=Limit(200, Unit.CODE_POINTS))
    assert least([known, short]) == short
    assert common_limits() == known


def test_every_problem_of_a_message_is_said_at_once_and_in_the_readers_language() -> None:
    wrong = Buttons("", choices(4), header="h" * 61)
    with override("it"):
        italian = problems(wrong)
    with override("en"):
        english = problems(wrong)
    assert len(italian) == len(english) == 3
    assert not set(italian) & set(english)
    assert "at most 60 characters" in " ".join(english)


def test_a_body_is_json_that_keeps_every_letter() -> None:
    body = bodies.message(ANNA, Text("È perché? 🙂 \u2028 «sì»"), "d-1")
    assert json.loads(json.dumps(body)) == body
