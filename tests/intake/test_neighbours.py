# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Meta's own webhooks with odd values at any place, through the reader: the messages beside them reach the desk."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings, strategies as st

from arengo.audience.defaults import create_defaults
from arengo.core.models import Organization
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from arengo.desk.models import Message
from arengo.intake.models import Journal
from tests.factories.intake import arrive
from tests.factories.platforms import NUMBER_ID
from tests.factories.webhooks import body, change, message, preference, system
from tests.support.json_places import places as places_in

SHARED = Path(__file__).parents[3] / "shared"
EXAMPLES = [
    path
    for folder in ("samples/whatsapp2026", "meta/webhooks", "meta/bsuid")
    for path in sorted((SHARED / folder).glob("*.json"))
]
_MARK = "☛here☚"
ODD = st.sampled_from(
    [
        *(b"null", b"true", b"[]", b"{}", b'""', b"0", b"-1", b"5", b"1.5", b"NaN", b"1e999", b"99999999999"),
        *(b'"9223372036854775808"', b'"393330000077"', b'"IT.77"', rb'"a\ud83db"', rb'"\u0000"', b'"a\xffb"'),
        *(b'"\\q"', b'"\x01"', b"9" * 5000, b'"' + b"x" * 301 + b'"', b'"' + "è".encode() * 20_000 + b'"'),
        *(b"[" * 3000 + b"]" * 3000, b'{"a":' * 3000 + b"1" + b"}" * 3000, b'{"id": 1, "id": "x"}'),
        *(b'[{"id": "x"}]', b'[null, 5, "x"]', b'"253402300799"', b'"user_changed_number"', b'"failed"'),
    ]
)


def _own() -> list[Any]:
    told = {
        "type": "user_changed_number",
        "wa_id": "393330000055",
        "user_id": "IT.55",
        "previous_user_id": "IT.5",
    }
    failed = {"id": "wamid.x", "status": "failed", "timestamp": "1795176000", "recipient_id": "393330000011"}
    return [
        json.loads(body(change(messages=[message("+393330000050", "IT.5"), system(told)]))),
        json.loads(body(change("user_preferences", user_preferences=[preference(None, "IT.5", "stop")]))),
        json.loads(body(change(statuses=[{**failed, "errors": [{"code": 131050, "title": "t"}]}]))),
    ]


def _read(path: Path) -> list[Any]:
    """Said to be about our number, so that it is for us; some pages hold no webhook."""
    text = path.read_text()
    for number in ("106540352242922", "<BUSINESS_PHONE_NUMBER_ID>"):
        text = text.replace(number, NUMBER_ID)
    whole = json.loads(text)
    return [whole] if isinstance(whole, dict) and whole.get("entry") else []


WEBHOOKS = [whole for path in EXAMPLES for whole in _read(path)] + _own()


@st.composite
def spoilt(draw: st.DrawFn) -> tuple[bytes, int]:
    """A webhook with odd values inside of one change, and how many good messages stand around it."""
    whole = json.loads(json.dumps(draw(st.sampled_from(WEBHOOKS))))
    [entry, *_] = whole["entry"]
    places = [place for place in places_in(entry["changes"]) if len(place) >= 2]
    odd = []
    for _ in range(draw(st.integers(1, 2))):
        place, value = draw(st.sampled_from(places)), draw(ODD)
        inner = entry["changes"]
        try:
            for key in place[:-1]:
                inner = inner[key]
            inner[place[-1]] = _MARK
        except (KeyError, IndexError, TypeError):
            continue  # the first odd value took the second one's place away
        odd.append(value)
    good = json.loads(body(change(messages=[message("+393330000098", "IT.98", "la vicina")])))["entry"][0]
    entry["changes"].insert(0, good["changes"][0])
    whole["entry"].append(
        json.loads(body(change(messages=[message(None, "IT.99", "il vicino")])))["entry"][0]
    )
    raw = json.dumps(whole, ensure_ascii=False).encode()
    for value in odd:
        raw = raw.replace(f'"{_MARK}"'.encode(), value, 1)
    return raw, 2


@pytest.mark.django_db
def test_whatever_stands_beside_them_messages_reach_the_desk(esempio: Organization, sender: Sender) -> None:
    with organization_scope(esempio):
        create_defaults(esempio)

    @settings(max_examples=60, deadline=None)
    @given(st.lists(spoilt(), min_size=1, max_size=4))
    def holds(webhooks: list[tuple[bytes, int]]) -> None:
        with transaction.atomic(), organization_scope(esempio):
            rows = arrive(sender, *(raw for raw, _good in webhooks))
            assert Journal.objects.filter(state=Journal.State.WAITING).count() == 0
            assert Message.objects.filter(text__in=("la vicina", "il vicino")).count() == sum(
                good for _raw, good in webhooks
            )
            # A place says where a part could not be read; a file of ours would be a fault of ours.
            assert not [row.problem for row in rows if ".py:" in row.problem]
            transaction.set_rollback(True)

    holds()
