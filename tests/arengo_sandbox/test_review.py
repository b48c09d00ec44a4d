# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Templates are created, reviewed, listed, edited, deleted."""

from __future__ import annotations

from typing import Any

import pytest

from tests.arengo_sandbox.catcher import Catcher
from tests.arengo_sandbox.meta import example, shape, unlike
from tests.arengo_sandbox.town import Town, named


def _body(text: str, *examples: str) -> dict[str, Any]:
    part: dict[str, Any] = {"type": "BODY", "text": text}
    return part | ({"example": {"body_text": [list(examples)]}} if examples else {})


GOOD = _body("Va tutto bene, nessun avviso.")


def _buttons(*buttons: dict[str, Any]) -> list[dict[str, Any]]:
    return [GOOD, {"type": "BUTTONS", "buttons": list(buttons)}]


def _quick(label: str) -> dict[str, Any]:
    return {"type": "QUICK_REPLY", "text": label}


def _link(label: str) -> dict[str, Any]:
    return {"type": "URL", "text": label, "url": "https://www.example.org"}


BAD: list[tuple[str, list[dict[str, Any]], int | None]] = [
    ("no body", [{"type": "FOOTER", "text": "x"}], 2388072),
    ("body too long", [_body("x" * 1025)], 2388040),
    ("header too long", [GOOD, {"type": "HEADER", "format": "TEXT", "text": "x" * 61}], 2388040),
    ("header with formatting", [GOOD, {"type": "HEADER", "format": "TEXT", "text": "*Forte*"}], 2388047),
    (
        "two variables in a header",
        [GOOD, {"type": "HEADER", "format": "TEXT", "text": "{{1}} o {{2}}"}],
        2388047,
    ),
    ("image header without handle", [GOOD, {"type": "HEADER", "format": "IMAGE"}], 2388047),
    ("footer too long", [GOOD, {"type": "FOOTER", "text": "x" * 61}], 2388040),
    ("footer with variable", [GOOD, {"type": "FOOTER", "text": "Ciao {{1}}"}], 2388073),
    ("variable at the start", [_body("{{1}} è chiusa da oggi al traffico.", "a")], 2388299),
    ("variable at the end", [_body("Da oggi è chiusa al traffico {{1}}", "a")], 2388299),
    ("no example", [_body("Da oggi {{1}} è chiusa al traffico.")], 2388072),
    ("a gap in the numbers", [_body("Da oggi {{1}} e {{3}} chiudono al traffico.", "a", "b")], 2388072),
    ("side by side", [_body("Da oggi {{1}}{{2}} chiudono al traffico.", "a", "b")], 2388072),
    ("dangling", [_body("Da oggi {{1} chiude al traffico.", "a")], 2388072),
    ("mostly variables", [_body("Ciao {{1}} e {{2}} ora.", "a", "b")], 2388293),
    ("button label too long", _buttons(_quick("x" * 26)), 2388040),
    ("three links", _buttons(*(_link(f"l{n}") for n in range(3))), None),
    ("eleven buttons", _buttons(*(_quick(f"b{n}") for n in range(11))), None),
    ("quick replies apart", _buttons(_quick("a"), _link("b"), _quick("c")), None),
    ("unknown part", [GOOD, {"type": "SIDEBAR", "text": "x"}], None),
]


@pytest.mark.parametrize(("parts", "subcode"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_a_bad_definition_is_refused(town: Town, parts: list[dict[str, Any]], subcode: int | None) -> None:
    answer = town.template("mai_creato", components=parts)
    assert answer.status == 400, answer.body
    assert answer.body["error"]["code"] == 100
    assert answer.body["error"].get("error_subcode") == subcode


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Con Maiuscole"},
        {"name": "x" * 513},
        {"language": "italiano"},
        {"category": "NEWS"},
        {"language": ""},
    ],
    ids=["capitals", "long name", "no such language", "no such category", "no language"],
)
def test_a_bad_name_language_or_category_is_refused(town: Town, change: dict[str, Any]) -> None:
    wanted = {"name": "buono", "language": "it", "category": "UTILITY", "components": [GOOD]} | change
    answer = town.sandbox.graph("POST", f"/{town.sandbox.waba_id}/message_templates", wanted)
    assert (answer.status, answer.body["error"]["code"]) == (400, 100)


def test_a_new_template_waits_and_is_approved(town: Town, catcher: Catcher) -> None:
    created = town.template("nuovo_avviso")
    assert created.body == {"id": created.body["id"], "status": "PENDING", "category": "UTILITY"}
    person = town.citizen()
    assert town.sends({"to": person["phone"], **named("nuovo_avviso")}).body["error"]["code"] == 132001
    post = catcher.post_of("message_template_status_update")
    expected = example("webhooks", "webhooks.referencia.message_template_status_update__1")
    assert unlike(shape(post), shape(expected)) == []
    value = post["entry"][0]["changes"][0]["value"]
    assert (value["event"], str(value["message_template_id"])) == ("APPROVED", created.body["id"])
    assert town.sends({"to": person["phone"], **named("nuovo_avviso")}).status == 200


def test_conditions_decide_the_review(town: Town, catcher: Catcher) -> None:
    town.conditions(templates={"outcome": "REJECTED", "after_ms": 10})
    town.template("respinto")
    post = catcher.post_of("message_template_status_update")
    expected = example("webhooks", "webhooks.referencia.message_template_status_update__2")
    assert unlike(shape(post), shape(expected)) == []
    shown = town.sandbox.graph("GET", f"/{town.sandbox.waba_id}/message_templates?name=respinto").body["data"]
    assert (shown[0]["status"], shown[0]["rejected_reason"]) == ("REJECTED", "INVALID_FORMAT")


def test_the_list_is_paged_and_filtered(town: Town) -> None:
    for position in range(5):
        town.approved(f"pagina_{position}")
    seen: list[str] = []
    path = f"/{town.sandbox.waba_id}/message_templates?limit=2&fields=name,status&name_or_content=pagina_"
    while True:
        page = town.sandbox.graph("GET", path).body
        assert all(set(item) == {"name", "status", "id"} for item in page["data"])
        seen += [item["name"] for item in page["data"]]
        if "next" not in page["paging"]:
            break
        path = page["paging"]["next"].removeprefix(f"{town.sandbox.url}/v24.0")
    assert seen == [f"pagina_{position}" for position in (4, 3, 2, 1, 0)]
    bad = town.sandbox.graph("GET", f"/{town.sandbox.waba_id}/message_templates?after=sbagliato")
    assert bad.body["error"]["code"] == 131059


def test_the_same_name_and_language_twice_is_refused(town: Town) -> None:
    assert town.template("una_volta").status == 200
    assert town.template("una_volta").body["error"]["error_subcode"] == 2388024
    assert town.template("una_volta", language="en").status == 200


def test_an_edited_template_is_reviewed_again(town: Town) -> None:
    template_id = town.approved("da_cambiare")
    edited = town.sandbox.graph(
        "POST", f"/{template_id}", {"components": [_body("Un testo nuovo di zecca.")]}
    )
    assert edited.body == {"success": True}
    node = town.sandbox.graph("GET", f"/{template_id}").body
    assert (node["status"], node["components"][0]["text"]) == ("PENDING", "Un testo nuovo di zecca.")
    again = town.sandbox.graph("POST", f"/{template_id}", {"components": [GOOD]})
    assert again.body["error"]["error_subcode"] == 2388025


def test_a_deleted_name_stays_blocked(town: Town) -> None:
    template_id = town.approved("da_togliere")
    gone = town.sandbox.graph("DELETE", f"/{town.sandbox.waba_id}/message_templates?name=da_togliere")
    assert gone.body == {"success": True}
    assert town.sandbox.graph("GET", f"/{template_id}").status == 400
    assert town.template("da_togliere").body["error"]["error_subcode"] == 2388023
    never = town.sandbox.graph("DELETE", f"/{town.sandbox.waba_id}/message_templates?name=mai_esistito")
    assert never.status == 400
