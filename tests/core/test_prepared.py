# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Statements that PostgreSQL prepares, and nothing that stays behind for others."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DataError

from arengo.core.models import Organization
from arengo.core.prepared import prepared

pytestmark = pytest.mark.django_db


def kept_by_server(like: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s", [f"%{like}%"])
        [(found,)] = cursor.fetchall()
    return int(found)


def asked(name: str) -> list[int]:
    return list(Organization.objects.filter(name=name, slug="prepared-here").values_list("pk", flat=True))


def test_the_second_time_a_text_is_prepared(esempio: Organization) -> None:
    for name in ("a", "b", "c"):
        with prepared():
            assert asked(name) == []
    assert kept_by_server('"core_organization"."slug" = $2') == 1


def test_outside_of_it_nothing_changes(esempio: Organization) -> None:
    def way() -> tuple[Any, Any]:
        return connection.connection.cursor_factory, connection.connection.prepare_threshold

    connection.ensure_connection()
    before = way()
    with prepared(), prepared():
        assert way() != before
    assert way() == before
    with pytest.raises(DataError), transaction.atomic(), prepared(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / %s::int", [0])
    assert way() == before
    for _time in range(3):
        assert asked("d") == []
    assert kept_by_server("slug = 'prepared-here'") == 0
