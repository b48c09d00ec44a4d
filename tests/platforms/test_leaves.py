# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""One odd leaf costs its neighbours nothing, and mostly not even itself."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from arengo.core.mended_json import DEEPEST, mended
from arengo.platforms.contract import (
    Address,
    IdentityChanged,
    MessageReceived,
    ReceiptReceived,
    Remedy,
    SenderNotice,
    TemplateChanged,
    Unreadable,
)
from tests.factories.webhooks import webhook
from tests.platforms.examples import EXAMPLES, META, needs_examples
from tests.platforms.webhooks import ANNA, AT, GOOD, only, parse, sent, status

SAMPLES = sorted((META.parent / "samples" / "whatsapp2026").glob("*.json"))

# As bytes: Python's own writer of JSON would refuse most of them.
ODD = {
    "null": b"null",
    "true": b"true",
    "a number": b"5",
    "a list": b"[]",
    "an object": b'{"a": [1]}',
    "not a number": b"NaN",
    "infinite": b"-Infinity",
    "no value": b"undefined",
    "past every integer": b"9" * 5000,
    "past 32 bits": b"99999999999",
    "past every float": b"1e999",
    "half an emoji": rb'"a\ud83d"',
    "half an emoji as bytes": b'"a\xed\xa0\xbd"',
    "NUL": rb'"a\u0000"',
    "a raw control character": b'"a\x01\n"',
    "an escape that is none": rb'"a\x41\u12"',
    "301 characters": b'"' + b"x" * 301 + b'"',
    "nested in thousands": b"[" * 5000 + b"]" * 5000,
    "objects in thousands": b'{"a":' * 5000 + b"1" + b"}" * 5000,
    "the same key twice": b'{"a": 1, "a": {"a": 2}}',
}
_MARK = "☛here☚"


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, each in inner for place in _leaves(each, (*path, key)))]


def _with(value: Any, place: tuple[Any, ...], odd: bytes) -> bytes:
    copy = json.loads(json.dumps(value))
    inner = copy
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = _MARK
    return json.dumps(copy, ensure_ascii=False).encode().replace(f'"{_MARK}"'.encode(), odd)


def _around(example: Any) -> Any:
    """The example between two good messages, each in an entry of its own."""
    good = json.loads(webhook(messages=[GOOD]))["entry"]
    return {"object": "whatsapp_business_account", "entry": [*good, *example["entry"], *good]}


@needs_examples
@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_whatever_stands_at_whatever_place_of_an_example_its_neighbours_are_read(odd: bytes) -> None:
    for path in SAMPLES + EXAMPLES[::6]:
        example = json.loads(path.read_text())
        if "entry" not in example:
            continue
        whole = _around(example)
        last = len(whole["entry"]) - 1
        for place in _leaves(whole):
            if len(place) < 2 or place[0] != "entry" or place[1] in (0, last):
                continue
            events = parse(_with(whole, place, odd))
            good = [event for event in events if getattr(event, "message_id", "") == "wamid.GOOD"]
            assert len(good) == 2, (path.name, place)


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
@pytest.mark.parametrize(
    "name", ["context", "referral", "biz", "errors", "pricing", "edit", "parent_user_id"]
)
def test_a_part_that_a_message_can_do_without_costs_only_itself(name: str, odd: bytes) -> None:
    whole = json.loads(webhook(messages=[{**GOOD, name: _MARK}]))
    raw = json.dumps(whole, ensure_ascii=False).encode().replace(f'"{_MARK}"'.encode(), odd)
    event = only(parse(raw))
    assert isinstance(event, MessageReceived)
    assert (event.text, event.sent_at) == ("sono qui", AT)


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
@pytest.mark.parametrize("name", ["code", "title", "error_data", "message"])
def test_a_failure_is_heard_whatever_its_reason_looks_like(name: str, odd: bytes) -> None:
    whole = json.loads(webhook(statuses=[status("failed", errors=[{"code": 131026, name: _MARK}])]))
    raw = json.dumps(whole, ensure_ascii=False).encode().replace(f'"{_MARK}"'.encode(), odd)
    event = only(parse(raw))
    assert isinstance(event, ReceiptReceived)
    assert event.status == "failed"
    assert event.remedy is Remedy.NEVER
    assert -(2**31) <= event.code < 2**31


# How a leaf may come without an id: as JSON, or not at all.
NO_ID = {
    "absent": None, "null": b"null", "empty": b'""', "blank": b'" "', "an object": b"{}", "a list": b"[]", "true": b"true"
}  # fmt: skip


def _without_id(leaf: dict[str, Any], form: bytes | None) -> bytes:
    if form is None:
        return json.dumps({key: value for key, value in leaf.items() if key != "id"}).encode()
    return _with(leaf, ("id",), form)


def _of_leaves(name: str, *parts: bytes) -> bytes:
    return webhook(**{name: ["☛parts☚"]}).replace(json.dumps("☛parts☚").encode(), b", ".join(parts))


@pytest.mark.parametrize("form", NO_ID.values(), ids=NO_ID)
def test_a_message_without_an_id_is_kept_in_whatever_way_it_lacks_one(form: bytes | None) -> None:
    nameless = [_without_id(sent("text", {"body": words}), form) for words in ("Ciao", "Ciao", "Altro")]
    good = json.dumps(GOOD).encode()
    same, again, other, neighbour = parse(_of_leaves("messages", *nameless, good))
    assert isinstance(same, MessageReceived)
    assert isinstance(other, MessageReceived)
    assert (same.text, same.unnamed, other.text) == ("Ciao", True, "Altro")
    assert same == again, "told twice it is the same message"
    assert same.message_id != other.message_id
    assert isinstance(neighbour, MessageReceived)
    assert (neighbour.message_id, neighbour.unnamed) == ("wamid.GOOD", False)


@pytest.mark.parametrize("form", NO_ID.values(), ids=NO_ID)
def test_a_status_without_an_id_is_about_the_delivery_that_it_names(form: bytes | None) -> None:
    told = _without_id(status("read", biz_opaque_callback_data="84"), form)
    of_nothing = _without_id(status("read"), form)
    good = json.dumps(status("read")).encode()
    receipt, unread, neighbour = parse(_of_leaves("statuses", told, of_nothing, good))
    assert isinstance(receipt, ReceiptReceived)
    assert (receipt.message_id, receipt.opaque) == ("", "84")
    assert isinstance(unread, Unreadable)
    assert unread.reason == "a status of no message"
    assert isinstance(neighbour, ReceiptReceived)


def test_ids_have_no_length(db: None) -> None:
    long = "wamid." + "A" * 5000
    assert only(parse(webhook(messages=[{**GOOD, "id": long}]))).message_id == long
    assert only(parse(webhook(statuses=[status("read", id=long)]))).message_id == long


@pytest.mark.parametrize("deep", [b"[", b'{"a":', b'[{"a":'])
def test_a_body_of_nothing_but_brackets_is_gone_through_once(deep: bytes) -> None:
    raw = deep * (3_000_000 // len(deep))
    started = time.process_time()
    assert only(parse(raw)).where == "body"
    assert time.process_time() - started < 60


def test_what_is_mended_says_the_same_where_it_was_right() -> None:
    right = {"a": [1, -2.5e3, 'sì \\ " \n 😀', None, True, {"b": []}], "": "[{]}:,"}
    assert json.loads(mended(json.dumps(right).encode())) == right
    assert json.loads(mended(json.dumps(right, ensure_ascii=False, indent=1).encode())) == right


def test_what_is_wrong_is_nothing_and_the_rest_stays() -> None:
    deep = b"[" * DEEPEST + b"[1]" + b"]" * DEEPEST
    assert json.loads(mended(b'{"a": NaN, "b": ' + deep[1:-1] + b', "c": "\x01\\q\\u00e8"}')) == {
        "a": None,
        "b": json.loads(b"[" * (DEEPEST - 1) + b"null" + b"]" * (DEEPEST - 1)),
        "c": "\x01\\qè",
    }


# --- a failure without a code -----------------------------------------------------------------------------


@pytest.mark.parametrize("code", [0, None, "", "0", -1, 99999999999])
def test_an_error_without_a_code_stops_no_number(code: Any) -> None:
    error = {"code": code, "title": "Something went wrong"}
    failed = only(parse(webhook(statuses=[status("failed", errors=[error])])))
    assert (failed.remedy, failed.title) == (Remedy.NEVER, "Something went wrong")
    notice = only(parse(webhook(errors=[error])))
    assert isinstance(notice, SenderNotice)
    assert notice.severity == "warning"
    assert only(parse(webhook(errors=[{"title": "?"}]))).severity == "warning"


@pytest.mark.parametrize("code", [131031, "131031"])
def test_a_code_that_stops_a_number_does(code: Any) -> None:
    assert (
        only(parse(webhook(statuses=[status("failed", errors=[{"code": code}])]))).remedy
        is Remedy.STOP_SENDER
    )


# --- what is known is not unread ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "field",
    [
        # every field that can be subscribed to, and those that Meta took back or announced
        *("account_alerts", "account_review_update", "account_settings_update", "account_update"),
        *("automatic_events", "business_capability_update", "business_status_update"),
        *(
            "business_username_update",
            "business_username_updates",
            "calls",
            "campaign_status_update",
            "flows",
        ),
        *(
            "group_lifecycle_update",
            "group_participants_update",
            "group_settings_update",
            "group_status_update",
        ),
        *("history", "message_echoes", "messages", "partner_solutions"),
        *("payment_configuration_update", "phone_number_name_update", "phone_number_quality_update"),
        *("security", "smb_app_state_sync", "smb_message_echoes", "tracking_events"),
        *("user_id_update", "user_preferences"),
    ],
)
def test_a_field_that_meta_documents_is_never_unread(field: str) -> None:
    assert not [event for event in parse(webhook(field, event="SOMETHING")) if isinstance(event, Unreadable)]


@pytest.mark.parametrize(
    "field",
    [
        "message_template_components_update",
        "message_template_quality_update",
        "message_template_status_update",
        "template_category_update",
    ],
)
def test_the_language_of_a_template_is_that_of_the_list(field: str) -> None:
    told = {"message_template_id": 5, "message_template_name": "avviso", "message_template_language": "en-US"}
    event = only(parse(webhook(field, **told)))
    assert isinstance(event, TemplateChanged)
    assert event.language == "en_US"


def test_a_category_that_meta_finds_right_is_said(db: None) -> None:
    told = {
        "message_template_id": 5,
        "message_template_name": "avviso",
        "message_template_language": "it",
        "category": "UTILITY",
        "correct_category": "MARKETING",
    }
    event = only(parse(webhook("template_correct_category_detection", **told)))
    assert isinstance(event, SenderNotice)
    assert event.severity == "warning"
    assert "avviso" in event.summary
    assert "MARKETING" in event.summary


def test_who_signs_up_at_whatsapp_no_longer_wants_silence() -> None:
    said = {"user_id": "IT.1", "category": "marketing_messages", "value": "signup", "timestamp": 1749416383}
    assert only(parse(webhook("user_preferences", user_preferences=[said]))).wants_marketing is True
    odd = only(parse(webhook("user_preferences", user_preferences=[{**said, "value": "maybe"}])))
    assert odd.reason == "unknown preference"


# --- whose name it is -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sender", "wa_id"),
    [
        ("5511987654321", "551187654321"),
        ("551187654321", "5511987654321"),
        ("5215512345678", "525512345678"),
        ("5491112345678", "541112345678"),
        ("+393330000001", "393330000001"),
    ],
)
def test_a_name_is_kept_when_the_number_is_written_in_another_way(sender: str, wa_id: str) -> None:
    contacts = [{"profile": {"name": "Carla"}, "wa_id": "393330000099"}, {**ANNA, "wa_id": wa_id}]
    events = parse(
        webhook(
            contacts=contacts,
            messages=[
                sent("text", {"body": "x"}, **{"from": sender}),
                sent("text", {"body": "y"}, **{"from": "393330000098"}),
            ],
        )
    )
    assert [event.name for event in events if isinstance(event, MessageReceived)] == ["Anna Esempio", ""]


def test_one_message_and_one_contact_are_about_one_person() -> None:
    contact = {**ANNA, "wa_id": "393339999999"}
    assert (
        only(parse(webhook(contacts=[contact], messages=[sent("text", {"body": "x"})]))).name
        == "Anna Esempio"
    )
    other = sent("text", {"body": "x"}, from_user_id="IT.1")
    event = only(parse(webhook(contacts=[{**contact, "user_id": "IT.2"}], messages=[other])))
    assert (event.name, event.address) == ("", Address("+393330000001", "IT.1"))


# --- a new number or id -----------------------------------------------------------------------------------


def test_a_change_that_says_neither_before_nor_after_is_unread_and_one_that_changes_nothing_is_none() -> None:
    for told in ({"type": "user_changed_number"}, {"type": "user_changed_user_id", "user_id": "IT.2"}):
        bare = {"id": "wamid.A", "timestamp": "1749416383", "type": "system", "system": told}
        assert isinstance(only(parse(webhook(messages=[bare]))), Unreadable)
    same = sent("system", {"type": "user_changed_number", "wa_id": "393330000001"})
    assert parse(webhook(messages=[same])) == []


@needs_examples
def test_the_sample_of_a_person_without_a_number_is_read() -> None:
    [path] = [path for path in SAMPLES if "no_phone" in path.name]
    event = only(parse(path.read_bytes()))
    assert isinstance(event, IdentityChanged)
    assert event.previous == Address(user_id="IT.13491208655302741918")
    assert event.current == Address(user_id="IT.20837465019283746501")
