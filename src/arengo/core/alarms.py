# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Red banners on every page of an organization's console, for what cannot wait until somebody looks at a page of its own.

Rooms register a kind with its words and the page where it is settled (``register``, in their AppConfig), set it off and
call it off. What is set off stands in the organization's own row, which each request reads anyway.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.urls import reverse
from django.utils.functional import Promise

from arengo.core.models import Membership, Organization


@dataclass(frozen=True)
class Alarm:
    """``settled_by``: the roles that are offered the way to ``page``, the name of an address; others read the words."""

    kind: str
    words: str | Promise
    link: str | Promise
    page: str
    settled_by: tuple[str, ...]


@dataclass(frozen=True)
class Banner:
    kind: str
    words: str
    page: str  # the address of the page that says it itself
    link: str = ""
    url: str = ""


_registered: dict[str, Alarm] = {}


def register(alarm: Alarm) -> None:
    _registered[alarm.kind] = alarm


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


def banners(organization: Organization | None, membership: Membership | None) -> Iterable[Banner]:
    """For somebody of the staff; nothing for anybody else."""
    if organization is None or membership is None:
        return []
    found = [_registered[kind] for kind in organization.alarms if kind in _registered]
    return [
        Banner(alarm.kind, str(alarm.words), reverse(alarm.page), str(alarm.link), reverse(alarm.page))
        if membership.has(*alarm.settled_by)
        else Banner(alarm.kind, str(alarm.words), reverse(alarm.page))
        for alarm in found
    ]
