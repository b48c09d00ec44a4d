# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stands in a cell becomes a number, a day, topics, or words that say what is wrong."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings, strategies as st

from arengo.audience.imports.columns import Field
from arengo.audience.imports.entries import Entry, Reading, day_of, words
from arengo.audience.imports.files import numbers
from arengo.audience.imports.files.numbers import Problem

TODAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    "typed",
    [
        "3330000001", "333 000 0001", "333.000.0001", "333-0000001", "333/0000001", "+39 333 0000001", "(+39) 3330000001",
        "0039 333 0000001", "39 3330000001", "393330000001", "tel:+393330000001", "'3330000001", "\u202a333\xa00000001\u202c",
        "https://wa.me/393330000001",
    ],
)  # fmt: skip
def test_an_italian_number_is_read_in_every_writing(typed: str) -> None:
    assert numbers.read(typed) == ("+393330000001", None)


def test_a_number_that_begins_with_39_may_be_a_mobile_one() -> None:
    assert numbers.read("393 000 0001") == ("+393930000001", None)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("3,47E+11", Problem.ROUNDED), ("3.47e11", Problem.ROUNDED), ("3,33E+09", Problem.ROUNDED), ("", Problem.MISSING),
        (" – ", Problem.MISSING), ("333 000 002", Problem.SHORT), ("+39 333 00000012", Problem.LONG),
        ("071 000 0009", Problem.LANDLINE), ("+39 071 0000009", Problem.LANDLINE), ("Anna", Problem.NOT_A_NUMBER),
        ("12", Problem.SHORT), ("333 0000001 / 333 0000002", Problem.LONG), ("٣٣٣٠٠٠٠٠٠١", Problem.NOT_A_NUMBER),
        ("+1", Problem.NOT_A_NUMBER), ("+41 79 000", Problem.SHORT), ("8" * 10_000, Problem.NOT_A_NUMBER),
    ],
)  # fmt: skip
def test_what_cannot_be_written_to_has_its_reason_and_words(typed: str, problem: Problem) -> None:
    assert numbers.read(typed) == ("", problem)
    assert words(problem, Entry(typed))


def test_foreign_numbers_keep_their_country() -> None:
    assert numbers.read("+41 79 123 45 67") == ("+41791234567", None)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_a_number_or_has_a_reason(typed: str) -> None:
    found, problem = numbers.read(typed)
    assert bool(found) != bool(problem)
    assert not found or (
        found.startswith("+") and found[1:].isdigit() and numbers.read(found) == (found, None)
    )


@pytest.mark.parametrize(
    "typed", ["3/5/2019", "03/05/2019", "03-05-2019", "3.5.2019", "2019-05-03", "03/05/2019 10:31"]
)
def test_days_are_read_day_first(typed: str) -> None:
    assert day_of(typed) == date(2019, 5, 3)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(max_size=30), min_size=6, max_size=6))
def test_any_row_becomes_an_entry(row: list[str]) -> None:
    reading = Reading(
        [Field.PHONE, Field.LAST_FIRST, Field.DAY, Field.TOPICS, Field.PROOF, Field.STATE],
        {"eventi": 7},
        TODAY,
    )
    entry, problem = reading.entry(row)
    assert problem == "" or words(problem, entry)


def test_words_that_are_no_topic_never_widen_what_somebody_receives() -> None:
    reading = Reading([Field.PHONE, Field.TOPICS], {"eventi": 7, "scuola": 8}, TODAY)
    assert reading.entry(["3330000001", "Eventi / scuole; SCUOLA"])[0].topics == [7, 8]
    assert reading.entry(["3330000001", "tutto"]) == (Entry("+393330000001"), "")
    entry, problem = reading.entry(["3330000001", "sport"])
    assert (entry.topics, problem) == ([], "topic")
    assert "sport" in words(problem, entry)


def test_who_left_elsewhere_and_days_to_come_are_wrong() -> None:
    reading = Reading([Field.PHONE, Field.DAY, Field.STATE], {}, TODAY)
    assert reading.entry(["3330000001", "", "unsubscribed"])[1] == "elsewhere"
    assert reading.entry(["3330000001", "01/12/2026", ""])[1] == "later"
    assert reading.entry(["3330000001", "31/02/2019", ""])[1] == "day"
