# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The platforms there are, by name. The engine asks here and names none itself."""

from __future__ import annotations

from functools import cache

from arengo.platforms.contract import Limits, Platform
from arengo.platforms.contract.limits import least


@cache
def platforms() -> dict[str, Platform]:
    from arengo.platforms.whatsapp.platform import WhatsApp

    return {each.name: each for each in (WhatsApp(),)}


def platform(name: str) -> Platform:
    """The platform of that name; KeyError for one that is not there."""
    return platforms()[name]


@cache
def common_limits() -> Limits:
    """What a text keeps that may leave through any platform: the organization's own words, a template not sent yet."""
    return least(each.limits for each in platforms().values())
