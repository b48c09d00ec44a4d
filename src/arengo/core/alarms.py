# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Alarms that last until they are called off: their kinds stand in the organization's own row, which each request reads.

What they say, and to whom, is said by a banner of the room that sets them off (core/banners.py).
"""

from __future__ import annotations

from django.db import connection


def set_off(organization_id: int, kind: str) -> None:
    """In the caller's transaction. Twice is once."""
    _change(
        "array_append(alarms, %(kind)s)", "NOT alarms @> ARRAY[%(kind)s]::varchar[]", organization_id, kind
    )


def call_off(organization_id: int, kind: str) -> None:
    _change("array_remove(alarms, %(kind)s)", "alarms @> ARRAY[%(kind)s]::varchar[]", organization_id, kind)


def _change(value: str, where: str, organization_id: int, kind: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE core_organization SET alarms = {value} WHERE id = %(id)s AND {where}",  # noqa: S608  # our own constants
            {"id": organization_id, "kind": kind},
        )
