# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""No time in the database can break a page, whoever put it there."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.template import Context, Template
from django.utils import timezone

LAST, FIRST = datetime(9000, 1, 1, tzinfo=UTC), datetime(1000, 1, 1, tzinfo=UTC)


def stored(expression: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {expression}")
        return cursor.fetchone()[0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("expression", "read"),
    [
        ("timestamptz 'infinity'", LAST),
        ("timestamptz '-infinity'", FIRST),
        ("timestamptz '9999-12-31 23:59:59+00'", LAST),
        ("timestamptz '20000-01-01'", LAST),
        ("timestamptz '0044-03-15 BC'", FIRST),
        ("timestamptz '0001-01-01 00:00+14'", FIRST),
        ("timestamptz '2026-11-29 10:00+00'", datetime(2026, 11, 29, 10, tzinfo=UTC)),
        ("date 'infinity'", LAST.date()),
        ("date '0044-03-15 BC'", FIRST.date()),
        ("date '2026-11-29'", date(2026, 11, 29)),
        ("NULL::timestamptz", None),
    ],
)
def test_a_stored_time_is_read_as_one_that_can_be_counted_with(expression: str, read: Any) -> None:
    found = stored(expression)
    assert found == read
    if found is not None:
        assert found + timedelta(days=36_500) > found - timedelta(days=36_500)
    if isinstance(found, datetime):
        timezone.localtime(found)


@pytest.mark.parametrize("at", [datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)])
@pytest.mark.parametrize("tag", ["{% ago at %}", "{% moment at %}", "{% day at %}", '{{ at|named:"l j F" }}'])
def test_the_words_for_a_time_have_an_answer_to_the_ends_of_the_calendar(at: datetime, tag: str) -> None:
    with timezone.override("Pacific/Kiritimati" if at.year > 1 else "Pacific/Midway"):
        assert Template("{% load arengo %}" + tag).render(Context({"at": at}, use_tz=False))
