# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stands in the console's header beside the organization's name. Each room registers its own part, from its AppConfig.

A part is asked on each page, so it must cost one small query. Open pages ask for it again with their tabs, and at once when its
topic is announced on a page that has a stream.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest

from arengo.core.access import membership_of
from arengo.core.screens import Screen

Source = Callable[[HttpRequest], Screen | None]


@dataclass(frozen=True)
class Part:
    """``template`` draws it in the header, ``again`` what of it changes, as out-of-band swaps; both are given ``screen`` as ``part``."""

    template: str
    again: str
    screen: Screen


@dataclass(frozen=True)
class _Registered:
    template: str
    again: str
    source: Source
    topic: str


_parts: dict[str, _Registered] = {}


def register(name: str, template: str, again: str, source: Source, *, topic: str) -> None:
    """``source`` is asked for members only, in their organization's scope; None: nothing to show. ``topic``: a live topic that every
    member may hear."""
    _parts[name] = _Registered(template, again, source, topic)


def parts(request: HttpRequest) -> list[Part]:
    if membership_of(request) is None:
        return []
    shown = [(each, each.source(request)) for each in _parts.values()]
    return [Part(each.template, each.again, screen) for each, screen in shown if screen is not None]


def topics() -> list[str]:
    """That a page with a stream hears beside its own."""
    return sorted({each.topic for each in _parts.values()})
