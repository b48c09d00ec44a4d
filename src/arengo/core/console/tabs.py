# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The tabs of the console: what there is, for whom, and how many wait there. Each room registers its own, from its AppConfig."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

from arengo.core.access import membership_of
from arengo.core.models import Membership


@dataclass(frozen=True)
class Tab:
    """``url_name``: its first page; whatever lies below that address belongs to it. ``order``: from left to right.

    ``count``: how many wait there for this member, in the scope's organization. It is asked on each page, so it must cost one small query.
    """

    label: str | Promise
    url_name: str
    icon: str
    roles: tuple[str, ...]
    order: int
    count: Callable[[Membership], int] | None = None


@dataclass(frozen=True)
class Entry:
    label: str
    url: str
    icon: str
    current: bool
    badge: int


_tabs: dict[str, Tab] = {}


def register(tab: Tab) -> None:
    _tabs[tab.url_name] = tab


def registered() -> list[Tab]:
    """From left to right."""
    return sorted(_tabs.values(), key=lambda tab: tab.order)


def entries(request: HttpRequest, page: str = "") -> list[Entry]:
    """The tabs that this person may open; none for who is not a member. ``page``: where they are, if not here."""
    membership = membership_of(request)
    if membership is None:
        return []
    found = []
    for tab in registered():
        if not membership.has(*tab.roles):
            continue
        url = reverse(tab.url_name)
        found.append(
            Entry(
                str(tab.label),
                url,
                tab.icon,
                (page or request.path).startswith(url),
                tab.count(membership) if tab.count else 0,
            )
        )
    return found
