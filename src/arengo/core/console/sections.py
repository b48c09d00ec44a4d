# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages of one tab, as a row of links below it: «Panoramica · Persone · Temi». Each capability registers its own, from its AppConfig.

A page shows the row with ``{% sections "<the tab's first page>" %}``; one entry alone is no row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from arengo.core.models import Membership


@dataclass(frozen=True)
class Section:
    """``tab``: the ``url_name`` of its tab. ``url_name``: its first page; what lies below that address belongs to it."""

    tab: str
    label: str | Promise
    url_name: str
    roles: tuple[str, ...]
    order: int


@dataclass(frozen=True)
class Entry:
    label: str
    url: str
    current: bool


_sections: dict[str, Section] = {}


def register(section: Section) -> None:
    _sections[section.url_name] = section


def entries(tab: str, membership: Membership | None, path: str) -> Sequence[Entry]:
    """Those of ``tab`` that this member may open, from left to right. The one with the longest address above ``path`` is current."""
    if membership is None:
        return []
    own = sorted((one for one in _sections.values() if one.tab == tab), key=lambda one: one.order)
    addresses = {one: reverse(one.url_name) for one in own if membership.has(*one.roles)}
    around = [address for address in addresses.values() if path.startswith(address)]
    current = max(around, key=len, default="")
    return [Entry(str(one.label), address, address == current) for one, address in addresses.items()]
