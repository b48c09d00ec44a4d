# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stands in the console's header beside the organization's name: a link with a number, for the person who looks.

Each room registers its own, from its AppConfig.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

from arengo.core.access import membership_of, person_of
from arengo.core.models import Person


@dataclass(frozen=True)
class HeaderLink:
    """``count``: what waits there for this person. It is asked on each page, so it must cost one small query.

    ``words``: what the number counts, for who hears it: «non lette». ``order``: from left to right.
    """

    url_name: str
    icon: str
    label: str | Promise
    words: str | Promise
    roles: tuple[str, ...]
    order: int
    count: Callable[[Person], int]


@dataclass(frozen=True)
class Shown:
    label: str
    url: str
    icon: str
    badge: int
    words: str
    current: bool


_links: dict[str, HeaderLink] = {}


def register(link: HeaderLink) -> None:
    _links[link.url_name] = link


def shown(request: HttpRequest, page: str = "") -> list[Shown]:
    """The links that this person may open; none for who is not a member. ``page``: where they are, if not here."""
    membership = membership_of(request)
    if membership is None:
        return []
    found = []
    for link in sorted(_links.values(), key=lambda link: link.order):
        if not membership.has(*link.roles):
            continue
        url, number = reverse(link.url_name), link.count(person_of(request))
        current = (page or request.path) == url
        found.append(Shown(str(link.label), url, link.icon, number, str(link.words), current))
    return found
