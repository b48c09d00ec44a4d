# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Red banners over every page of the console: what cannot wait until somebody opens the right page.

Each room registers its own, from its AppConfig. A source is asked on each page, so it must cost one small query.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise

from arengo.core.access import membership_of


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


def register(name: str, source: Source) -> None:
    """``source`` decides by itself who sees what; it is asked for members only, in their organization's scope."""
    _sources[name] = source


def banners(request: HttpRequest, page: str) -> list[Banner]:
    """Those of the open page at the address ``page``."""
    if membership_of(request) is None:
        return []
    found = [banner for source in _sources.values() for banner in source(request)]
    return [banner for banner in found if not banner.page or banner.page != page]
