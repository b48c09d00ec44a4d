# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The board itself: the world outside. It knows each text by the key that came with it."""

from __future__ import annotations

from collections.abc import Iterable


class Board:
    """``moods``: how it takes the next requests: "late" takes nothing in time, "lost" takes it and does not say so."""

    def __init__(self) -> None:
        self.lines: dict[str, str] = {}
        self.asked: list[str] = []
        self.moods: list[str] = []
        self.off = False

    def behave(self, moods: Iterable[str]) -> None:
        self.moods = list(moods)

    def show(self, key: str, text: str) -> int:
        """Returns the line's number."""
        self.asked.append(key)
        mood = self.moods.pop(0) if self.moods else "well"
        if mood == "late":
            raise TimeoutError
        self.lines.setdefault(key, text)
        if mood == "lost":
            raise TimeoutError
        return list(self.lines).index(key) + 1

    def change(self, key: str, text: str) -> None:
        self.lines[key] = text

    def clear(self, key: str) -> bool:
        return self.lines.pop(key, None) is not None
