# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Red banners over every page of the console: what cannot wait until somebody opens the right page.

Each room registers its own, from its AppConfig. One query a page says which of them have anything to say; only those are asked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models.expressions import Combinable
from django.http import HttpRequest
from django.utils.functional import Promise

from arengo.core.access import membership_of
from arengo.core.models import Organization
from arengo.core.prepared import prepared


@dataclass(frozen=True)
class Link:
    label: str | Promise
    url: str


@dataclass(frozen=True)
class Banner:
    """``key`` names it in the page. The first of ``links`` is the thing to do.

    A phone has room for a line: ``short``, where ``title`` is longer than that, and the first link.

    The page at the address ``page`` says it itself, and goes without.
    """

    key: str
    title: str
    text: str
    links: tuple[Link, ...] = ()
    page: str = ""
    short: str = ""


Source = Callable[[HttpRequest], list[Banner]]

_sources: dict[str, Source] = {}
_conditions: dict[str, Callable[[], Combinable]] = {}


def register(name: str, source: Source, when: Callable[[], Combinable] | None = None) -> None:
    """``source`` decides by itself who sees what; it is asked for members only, in their organization's scope.

    ``when``: a condition for a query of organizations, true where the source may have something; it is called in that scope. None:
    the source asks nothing of the database, or little, and is asked on each page.
    """
    _sources[name] = source
    if when is not None:
        _conditions[name] = when


def banners(request: HttpRequest, page: str) -> list[Banner]:
    """Those of the open page at the address ``page``."""
    membership = membership_of(request)
    if membership is None:
        return []
    conditions = {name: condition() for name, condition in _conditions.items()}
    asked = Organization.objects.filter(pk=membership.organization_id)
    with prepared():
        speak = asked.values(**conditions).get() if conditions else {}
    found = [
        banner for name, source in _sources.items() if speak.get(name, True) for banner in source(request)
    ]
    return [banner for banner in found if not banner.page or banner.page != page]
