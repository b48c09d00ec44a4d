# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A made-up platform, Gabbiano: no phone numbers, no window, no receipts, no templates, 200 characters, a token in a header.

What people send may be edited and deleted. It stands in this folder alone, and registers itself as any platform does.
"""

from __future__ import annotations

from arengo.platforms import registry
from arengo.platforms.contract import Platform

NAME = "mock"


def _make() -> Platform:
    from tests.seams.platform_mock.platform import Gabbiano

    return Gabbiano()


def register() -> None:
    registry.register(NAME, _make)


def forget() -> None:
    registry.forget(NAME)
