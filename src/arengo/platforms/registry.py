# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The platforms there are, by name. Each registers itself, from its own folder; the engine asks here and names none."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from arengo.platforms.contract import Limits, Platform
from arengo.platforms.contract.limits import least

_NAME = re.compile(r"[a-z][a-z0-9_]{0,19}")  # it stands in columns, and in what is hashed

_makers: dict[str, Callable[[], Platform]] = {}
_made: dict[str, Platform] = {}


def register(name: str, make: Callable[[], Platform]) -> None:
    """Called from an ``AppConfig.ready``. ``make`` is called at the first use: setting Django up stays quick."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} cannot be the name of a platform.")
    _makers[name] = make
    _made.pop(name, None)
    common_limits.cache_clear()


def forget(name: str) -> None:
    """The platform is there no more."""
    _makers.pop(name, None)
    _made.pop(name, None)
    common_limits.cache_clear()


def platform(name: str) -> Platform:
    """The platform of that name; KeyError for one that is not there."""
    try:
        return _made[name]
    except KeyError:
        made = _made[name] = _makers[name]()
        return made


def platforms() -> dict[str, Platform]:
    """All, in the order in which they registered."""
    return {name: platform(name) for name in _makers}


def usual() -> str:
    """The platform of a sender of which nobody says another: the first that registered."""
    return next(iter(_makers))


@cache
def common_limits() -> Limits:
    """What a text keeps that may leave through any platform: the organization's own words, a template not sent yet."""
    return least(each.limits for each in platforms().values())
