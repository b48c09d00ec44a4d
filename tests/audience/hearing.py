# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the rooms above the audience are told."""

from __future__ import annotations

from arengo.audience.events import CitizenWrote, ReplyWanted


class Heard:
    """What the rooms above were told."""

    def __init__(self) -> None:
        self.written: list[CitizenWrote] = []
        self.replies: list[ReplyWanted] = []
