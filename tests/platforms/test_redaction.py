# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a platform says is stored without ids that hold a person's number."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote

import pytest
from hypothesis import given, strategies as st

from arengo.delivery.sending.moves import reason_of
from arengo.platforms.contract import Refusal, Remedy, TemplateChanged, Unreadable
from arengo.platforms.redaction import without_ids
from arengo.platforms.whatsapp.webhooks import OBJECT, parse
from tests.factories.webhooks import wamid
from tests.support.scan import Named, traces_in

NUMBER = "+393331234567"
ID = wamid(NUMBER, tail="0A0D3C30D873AB43D893")  # the same in every process: tests are named after it
BARE = ID.removeprefix("wamid.")


@pytest.mark.parametrize(
    "word",
    [
        ID,
        BARE,
        BARE.rstrip("="),
        quote(BARE, safe=""),
        quote(ID, safe="").replace(".", "%2E"),
        base64.urlsafe_b64encode(base64.b64decode(BARE)).decode(),
        f"https://graph.example.test/v24.0/{BARE}/media?x=1",
        f"<{BARE}>",
        f"id:{BARE},",
        base64.b64encode(NUMBER.encode()).decode(),
    ],
)
def test_an_id_is_taken_out_however_it_is_written(word: str) -> None:
    said = without_ids(f"Message {word} could not be sent")
    assert not traces_in(said, Named((NUMBER,), message_ids=(ID, BARE)))
    assert said.startswith("Message ")
    assert said.endswith(" could not be sent")


@given(
    st.integers(0, 20),
    st.integers(0, 12),
    st.integers(6, 15).flatmap(lambda n: st.integers(10**n, 10 ** (n + 1) - 1)),
)
def test_also_when_it_is_cut_anywhere(start: int, end: int, number: int) -> None:
    bare = wamid(f"+{number}").removeprefix("wamid.")
    assert not traces_in(without_ids(bare[start : len(bare) - end]), Named((f"+{number}",)))


def test_of_a_user_id_nothing_is_left_either() -> None:
    body = base64.b64encode(b"\x1c\x18\x12IT.13491208655302741918\x15\x02").decode()
    assert without_ids(f"About {body}.") == "About …."


@pytest.mark.parametrize(
    "words",
    [
        "(#131026) Message undeliverable: the recipient's phone number is not a WhatsApp phone number",
        "Template name arengo_notizie_2 does not exist in the translation (it)",
        "See https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/ for more",
        "OAuthException GraphMethodException WhatsAppBusinessAccount header_media_id",
        "Il modello «avviso_allerta_meteo_arancione» è stato rifiutato perché l'intestazione è troppo lunga",
        "Number 100000000000001 of account 200000000000001",
        "",
    ],
)
def test_ordinary_words_stay(words: str) -> None:
    assert without_ids(words) == words


def test_what_webhooks_say_of_templates_and_of_themselves_carries_none() -> None:
    update = {
        "event": "REJECTED", "message_template_id": 1, "message_template_name": "avviso", "message_template_language": "it",
        "rejection_info": {"reason": f"Names {BARE}", "recommendation": f"Take {NUMBER} out"},
    }  # fmt: skip
    changes = [
        {"field": "message_template_status_update", "value": update},
        {"field": BARE, "value": {}},
        {"field": NUMBER, "value": {}},
    ]
    events = parse(json.dumps({"object": OBJECT, "entry": [{"id": "1", "changes": changes}]}).encode())
    assert len(events) == 3
    for event in events:
        assert isinstance(event, TemplateChanged | Unreadable)
        assert not traces_in(event.reason, Named((NUMBER,), message_ids=(BARE,)))


def test_no_refusal_and_no_reason_carries_an_id() -> None:
    refusal = Refusal(Remedy.NEVER, title=f"No {BARE}", details=f"of {quote(BARE, safe='')}")
    for words in (refusal.title, refusal.details, str(refusal), reason_of(f"No {BARE}", f"of {BARE}")):
        assert not traces_in(words, Named((NUMBER,), message_ids=(BARE,)))
