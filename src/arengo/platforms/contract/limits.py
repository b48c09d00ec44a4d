# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long texts may be on a platform. Import ``Limits`` from ``platforms.contract``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from arengo.core.lengths import Limit

NO_LIMIT = Limit(10**9)  # of what the platform has none of


class Limits(NamedTuple):
    """What forms, counters and checks ask of a platform. ``problems`` looks at the whole message again before it is sent."""

    text: Limit  # of a message
    caption: Limit = NO_LIMIT  # of a file
    template_body: Limit = NO_LIMIT  # its own words and the values together
    template_footer: Limit = NO_LIMIT
    template_button: Limit = NO_LIMIT  # the words on it
    template_spaces: Limit = NO_LIMIT  # spaces in a row within a value


def least(limits: Iterable[Limits]) -> Limits:
    """For a text that may leave through any of several platforms: of each kind the tightest."""
    return Limits(*(min(kinds, key=lambda limit: limit.most) for kinds in zip(*limits, strict=True)))
