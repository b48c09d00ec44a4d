# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What WhatsApp's codes mean to the engine and to staff."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.utils.translation import override

from arengo.platforms.contract import Refusal, Remedy
from arengo.platforms.whatsapp import client, refusals
from arengo.platforms.whatsapp.meanings import MEANINGS
from arengo.platforms.whatsapp.platform import WhatsApp
from tests.factories.platforms import credentials

META = credentials()
RETRY, LATER, NEVER, STOP = Remedy.RETRY, Remedy.RETRY_LATER, Remedy.NEVER, Remedy.STOP_SENDER

# Every code of Meta's page of errors, and what Arengo decided.
TABLE = {
    RETRY: [1, 2, 130429, 131000, 131016, 133004, 139102, 139103],
    LATER: [4, 80007, 131057, 132015, 132069, 133015],
    NEVER: [
        100, 130403, 130472, 130497, 130501, 131008, 131009, 131021, 131026, 131030, 131035, 131036, 131051, 131052,
        131053, 131055, 131059, 131062, 131063, 131064, 132000, 132001, 132005, 132007, 132012, 132016, 132018,
        132068, 133005, 133008, 133009, 133016, 134100, 134101, 134102, 139100, 139101,
        2388019, 2388039, 2388040, 2388047, 2388072, 2388073, 2388293, 2388299, 2494191,
    ],
    STOP: [
        0, 3, 10, 33, 190, 200, 230, 299, 368, 131005, 131031, 131037, 131042, 131045, 131048, 133000, 133006, 133010,
    ],
    Remedy.WINDOW_CLOSED: [131047],
    Remedy.OPTED_OUT: [131050],
    Remedy.PAIR: [131056],
    Remedy.NEXT_DAY: [131049],
}  # fmt: skip
CODES = [(code, remedy) for remedy, codes in TABLE.items() for code in codes]


def refusal(status: int, body: bytes | dict[str, Any], **more: Any) -> Refusal:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.refused(META, status, raw, **more)


def envelope(code: int, **more: Any) -> dict[str, Any]:
    return {
        "error": {
            "message": f"(#{code}) Something",
            "type": "OAuthException",
            "code": code,
            "fbtrace_id": "A",
            **more,
        }
    }


@pytest.mark.parametrize(("code", "remedy"), CODES)
def test_each_code_has_its_remedy(code: int, remedy: Remedy) -> None:
    assert refusal(400, envelope(code)).remedy is remedy
    if code:
        assert refusals.remedy_of_receipt(code) is remedy


def test_no_code_is_known_that_the_table_does_not_decide() -> None:
    assert set(MEANINGS) <= {code for code, _ in CODES}


@pytest.mark.parametrize("code", [code for code, _ in CODES])
def test_each_code_is_explained_to_staff_in_italian_and_in_english(code: int) -> None:
    explain = WhatsApp().explain
    with override("it"):
        italian = explain(code)
    with override("en"):
        english = explain(code)
    assert italian != english
    assert all(text.endswith(".") and len(text) > 40 for text in (italian, english))
    unknown = explain(999)
    assert italian != unknown


def test_a_code_that_nobody_knows_points_at_metas_own_reason() -> None:
    with override("it"):
        assert "Meta" in WhatsApp().explain(987654)


def test_meta_s_code_zero_is_told_as_an_expired_access_not_as_silence() -> None:
    assert refusal(401, envelope(0)).code == 190
    assert WhatsApp().explain(0) != WhatsApp().explain(190)


@pytest.mark.parametrize(
    ("code", "seconds"),
    [(4, 300), (80007, 300), (131049, None), (131056, None), (131057, 60), (132015, 10800), (131000, None)],
)
def test_how_long_to_wait_is_said(code: int, seconds: float | None) -> None:
    assert refusal(400, envelope(code)).retry_after == seconds


def test_only_what_concerns_the_whole_number_slows_it_down() -> None:
    slow = {code for code, _ in CODES if refusal(400, envelope(code)).slow_down}
    assert slow == {4, 80007, 130429}


@pytest.mark.parametrize(
    ("status", "remedy", "certain"),
    [
        (400, NEVER, True),
        (401, STOP, True),
        (403, STOP, True),
        (404, STOP, True),
        (408, RETRY, False),
        (413, NEVER, True),
        (429, RETRY, True),
        (500, RETRY, False),
        (502, RETRY, False),
        (504, RETRY, False),
        (302, STOP, False),
        (307, STOP, False),
        (460, NEVER, False),
        (499, NEVER, False),
        (425, RETRY, True),
    ],
)
@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"{}", b'{"error":"no"}', b"\xff", b'{"error":{"code":"x"}}']
)
def test_without_metas_envelope_the_status_decides(
    status: int, remedy: Remedy, certain: bool, body: bytes
) -> None:
    found = refusal(status, body)
    assert (found.remedy, found.certain) == (remedy, certain)
    assert found.code == (190 if status == 401 else 0)


@pytest.mark.parametrize(
    ("status", "remedy"), [(400, NEVER), (404, NEVER), (429, RETRY), (401, STOP), (500, RETRY), (503, RETRY)]
)
def test_an_unknown_code_falls_back_on_the_status(status: int, remedy: Remedy) -> None:
    found = refusal(status, envelope(987654))
    assert (found.remedy, found.certain, found.code) == (remedy, status < 500, 987654)


@pytest.mark.parametrize("code", [code for code, _ in CODES])
@pytest.mark.parametrize("status", [500, 502, 503, 504, 520, 599])
def test_whatever_is_said_with_a_status_of_5xx_may_have_been_said_after_the_message_was_taken(
    code: int, status: int
) -> None:
    assert not refusal(status, envelope(code)).certain
    assert not refusal(status, envelope(code), retry_after="5").certain


def test_a_refusal_of_the_platforms_own_is_certain_unless_it_says_that_it_does_not_know() -> None:
    open_ = {code for code, _ in CODES if not refusal(400, envelope(code)).certain}
    assert open_ == {1, 2, 131000, 131016}


def test_what_meta_calls_transient_is_tried_again() -> None:
    assert refusal(400, envelope(987654, is_transient=True)).remedy is RETRY
    assert refusal(400, envelope(131026, is_transient=True)).remedy is NEVER


def test_the_server_may_say_when_to_come_back() -> None:
    found = refusal(503, b"", retry_after="120")
    assert (found.remedy, found.retry_after) == (LATER, 120)
    found = refusal(400, envelope(130429), retry_after="7")
    assert (found.remedy, found.retry_after) == (LATER, 7)
    assert refusal(503, b"", retry_after="Wed, 21 Oct 2026 07:28:00 GMT").remedy is RETRY
    assert refusal(400, envelope(131026), retry_after="7").remedy is NEVER


def test_a_wrong_number_id_stops_the_sender_and_a_wrong_message_does_not() -> None:
    missing = envelope(100, error_subcode=33)
    assert refusal(400, missing, about_number=True).remedy is STOP
    assert refusal(400, missing).remedy is NEVER
    assert refusal(400, envelope(100), about_number=True).remedy is NEVER


def test_meta_s_words_are_kept() -> None:
    found = refusal(
        400,
        envelope(132000, error_data={"messaging_product": "whatsapp", "details": "body: 1 does not match 2"}),
    )
    assert (found.title, found.details) == ("(#132000) Something", "body: 1 does not match 2")
    assert refusal(400, envelope(1, error_data="plain")).details == "plain"
    named = refusal(400, envelope(2388040, error_user_title="Too long", error_user_msg="At most 1024."))
    assert (named.title, named.details) == ("Too long", "At most 1024.")


@pytest.mark.parametrize(
    "secret",
    [
        META.token,
        "+39 333 000 0001",
        "393330000001",
        "(333) 000-0001",
        "wamid.HBgMMzkzMzMwMDAwMDAxFQIAERgS+/A=",
        "wamid%2EHBgMMzkzMzMwMDAwMDAxFQIAERgS%2B%2FA%3D",
        "HBgMMzkzMzMwMDAwMDAxFQIAERgS+/A",
        "IT.13491208655302741918",
        "IT.ENT.11815799212886844830",
    ],
)
def test_no_token_number_or_id_of_a_person_is_shown(secret: str) -> None:
    details = f"Message to {secret} was refused"
    found = refusal(400, envelope(190, message=details, error_data={"details": details}))
    for text in (found.title, found.details, str(found), repr(found)):
        assert secret not in text
    assert found.details == "Message to … was refused"


def test_our_own_number_id_stays_readable() -> None:
    found = refusal(400, envelope(100, message=f"Object with ID '{META.number_id}' does not exist"))
    assert META.number_id in found.title


@pytest.mark.parametrize("code", [2**31, -(2**40), 10**30])
def test_a_code_that_no_column_holds_is_an_answer_without_one(code: int) -> None:
    found = refusal(400, envelope(code))
    assert (found.code, found.title) == (refusals.NO_CODE, "HTTP 400")


@pytest.mark.parametrize("wait", ["-1", "1e400", "NaN", "٣", "9" * 3 + "x"])
def test_a_wait_that_no_clock_could_count_is_none(wait: str) -> None:
    assert refusal(503, b"", retry_after=wait).retry_after is None


@pytest.mark.parametrize("wait", ["9" * 5000, "86401"])
def test_a_wait_of_more_than_a_day_is_a_day(wait: str) -> None:
    assert refusal(503, b"", retry_after=wait).retry_after == 86400.0


def test_words_of_a_refusal_can_be_stored() -> None:
    raw = json.dumps(envelope(100, error_data={"details": "x"})).replace('"x"', r'"a\u0000b\ud83dc"').encode()
    assert refusal(400, raw).details == "ab�c"


@pytest.mark.parametrize("limit", ["9" * 5000, "9" * 10, "9" * 9 + "K", "٣"])
def test_a_daily_limit_that_no_column_holds_is_not_learnt(limit: str) -> None:
    assert WhatsApp().reach({"limit": f"TIER_{limit}"}) is None
