# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a platform says of files that people send, also of one that hands out none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from arengo.platforms.contract import FileTrouble, HandsOutFiles, Platform, Receiving


class _HandsOutNothing:
    """The file stays where it is; the message that came with it is a message like any other."""

    kept = timedelta(0)

    def __init__(self, explain: Callable[[int], str]) -> None:
        self.explain = explain

    def trouble(self, _code: int, _remedy: str) -> FileTrouble:
        return FileTrouble.REFUSED

    def lost(self, _code: int) -> FileTrouble | None:
        return None


def receiving_of(speaks: Platform) -> Receiving:
    return speaks.receiving if isinstance(speaks, HandsOutFiles) else _HandsOutNothing(speaks.explain)
