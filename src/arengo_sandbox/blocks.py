# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""People whom the business has blocked, a list for each number."""

from __future__ import annotations

from arengo_sandbox.people import Person
from arengo_sandbox.storage import Storage

LIST_LIMIT = 64_000


class Blocks:
    """In order of blocking; a blocked person's messages are not handed to the business."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._blocked: dict[str, dict[int, None]] = {}

    def load(self) -> None:
        for number, people in self._storage.load("blocked", tuple[str, list[int]]):
            self._blocked[number] = dict.fromkeys(people)

    def has(self, number: str, person: Person) -> bool:
        return person.n in self._blocked.get(number, ())

    def add(self, number: str, person: Person) -> None:
        self._blocked.setdefault(number, {})[person.n] = None
        self._keep(number)

    def remove(self, number: str, person: Person) -> bool:
        removed = self._blocked.get(number, {}).pop(person.n, 0) is None
        self._keep(number)
        return removed

    def listed(self, number: str) -> list[int]:
        return list(self._blocked.get(number, ()))

    def _keep(self, number: str) -> None:
        self._storage.put("blocked", number, (number, self.listed(number)))
