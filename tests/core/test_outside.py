# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Numbers, dates, times and texts from outside: every reader is total."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from arengo.core import outside

ANYTHING = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.binary(), st.just([])
)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("0", 0),
        ("007", 7),
        ("9223372036854775807", 2**63 - 1),
        (12, 12),
        ("9223372036854775808", None),
        ("9" * 5000, None),
        ("-1", None),
        ("٣", None),
        ("²", None),
        (" 1", None),
        ("1.0", None),
        ("1e3", None),
        ("", None),
        ("-", None),
        ("--1", None),
        (None, None),
        (True, None),
        (1.0, None),
        (2**64, None),
    ],
)
def test_a_whole_number_is_ascii_digits_within_its_bounds(value: Any, number: int | None) -> None:
    assert outside.whole(value) == number


def test_a_whole_number_may_be_negative_where_that_is_said() -> None:
    assert outside.whole("-5", least=-10) == -5
    assert outside.whole("-11", least=-10) is None


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("2026-11-29", date(2026, 11, 29)),
        ("2009-01-01", date(2009, 1, 1)),
        ("2008-12-31", None),
        ("9999-12-31", None),
        ("0001-01-01", None),
        ("2026-02-30", None),
        ("2026-W01-1", None),
        ("20261129", None),
        ("٢٠٢٦-١١-٢٩", None),
        ("", None),
        (None, None),
    ],
)
def test_a_day_is_written_in_one_way_and_within_bounds(value: Any, found: date | None) -> None:
    assert outside.day(value) == found


@given(ANYTHING)
def test_no_reader_raises_whatever_it_is_given(value: Any) -> None:
    outside.whole(value)
    outside.day(value)
    assert outside.moment(value).tzinfo is UTC
    if isinstance(value, str):
        assert outside.storable(outside.text(value))
        outside.text(value).encode()


def test_a_time_that_cannot_be_true_is_the_time_of_receipt() -> None:
    now = datetime(2026, 11, 29, 12, tzinfo=UTC)
    for said in (0, -1, 253402300799, 10**30, "9" * 5000, "ieri", None, float("nan"), float("inf")):
        assert outside.received(outside.moment(said), now) is now
    for said in (now, now + timedelta(hours=23), now - timedelta(days=30), outside.FIRST_MOMENT):
        assert outside.received(said, now) is said


def test_a_text_loses_what_cannot_be_stored_and_nothing_else() -> None:
    assert outside.text("a\x00b\ud83dc👍\u202e") == "ab�c👍\u202e"
    assert outside.text("x" * 10, most=3) == "xxx"
    assert outside.text(None) == ""


# The pieces from which JSON's escapes are made: also where a backslash is itself escaped.
_PIECES = st.lists(
    st.sampled_from(
        [
            "a",
            "\\\\",
            '\\"',
            "\\n",
            "\\u0000",
            "\\ud83d",
            "\\ude00",
            "\\uD83D",
            "\\uDE00",
            "\\u0041",
            "é",
            "👍",
        ]
    ),
    max_size=12,
)


@given(_PIECES)
def test_json_keeps_its_meaning_but_for_what_cannot_be_stored(pieces: list[str]) -> None:
    body = f'{{"x": "{"".join(pieces)}"}}'.encode()
    read = json.loads(outside.json_text(body))["x"]
    assert read == outside.text(json.loads(body)["x"])


@given(st.binary())
def test_any_bytes_become_utf8(body: bytes) -> None:
    outside.json_text(body).decode()


def test_a_body_that_is_fine_stays_the_very_same() -> None:
    body = '{"a": "é \\u00e9 \\ud83d\\ude00"}'.encode()
    assert outside.json_text(body) == body
