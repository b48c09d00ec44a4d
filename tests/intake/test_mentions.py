# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A person is found in a webhook however it names them, and nothing else of it is lost."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given, strategies as st

from arengo.intake.mentions import Mentions, without

ANNA = Mentions(["+393330000001", "IT.ANNA0001"])


@pytest.mark.parametrize(
    "said",
    [
        "393330000001",
        "+39 333 000 0001",
        "0039 333-000.00.01",
        "(333) 0000001",
        "333/0000001",
        "IT.ANNA0001",
        base64.b64encode(b"IT.ANNA0001").decode(),
    ],
)
def test_a_number_is_found_in_any_writing(said: str) -> None:
    assert ANNA(json.dumps({"text": {"body": f"Chiamate {said}, grazie"}}).encode())


@pytest.mark.parametrize("said", ["393330000002", "333 000 000", "IT.ANNA0002", "wamid.AAAA", ""])
def test_others_are_not(said: str) -> None:
    assert not ANNA(json.dumps({"text": {"body": f"Chiamate {said}, grazie"}}).encode())


@given(before=st.binary(max_size=9), after=st.binary(max_size=9), urlsafe=st.booleans())
def test_a_message_id_gives_the_number_away_wherever_it_stands(
    before: bytes, after: bytes, urlsafe: bool
) -> None:
    encode = base64.urlsafe_b64encode if urlsafe else base64.b64encode
    message_id = "wamid." + encode(before + b"393330000001" + after).decode()
    assert ANNA(json.dumps({"id": message_id}).encode())
    assert ANNA(json.dumps({"id": message_id}).replace("/", "\\/").encode())


def test_a_foreign_number_that_is_short_is_found_whole() -> None:
    assert Mentions(["+3701234567"])(b'{"from": "3701234567"}')
    assert not Mentions(["+3701234567"])(b'{"from": "1234567"}')


def _entry(**value: Any) -> dict[str, Any]:
    return {"entry": [{"id": "2", "changes": [{"field": "messages", "value": value}]}]}


def test_only_the_items_that_mention_them_go() -> None:
    anna, bruno = {"wa_id": "393330000001"}, {"wa_id": "393330000002"}
    body = _entry(contacts=[anna, bruno], messages=[{"from": "393330000001"}, {"from": "393330000002"}])
    left = _entry(contacts=[bruno], messages=[{"from": "393330000002"}])
    assert json.loads(without(json.dumps(body).encode(), ANNA)) == left


def test_an_item_that_quotes_their_message_goes_with_it() -> None:
    message_id = "wamid." + base64.b64encode(b"..393330000001").decode()
    body = _entry(messages=[{"from": "393330000002", "context": {"id": message_id}}])
    assert json.loads(without(json.dumps(body).encode(), ANNA)) == _entry(messages=[])


@pytest.mark.parametrize(
    "body",
    [
        b'{"from": "393330000001"',
        b'{"393330000001": 1}',
        b'{"from": 393330000001}',
        b"\xff 393330000001",
        b"[" * 100_000,
    ],
)
def test_what_cannot_be_told_apart_is_emptied(body: bytes) -> None:
    assert without(body, ANNA) == b""
