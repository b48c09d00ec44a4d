# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What follows from the save of a draft. Each capability registers itself, from its AppConfig; ``writing`` knows none of them.

Both are called in the transaction that saves, which holds the update: what they write stands exactly when the text does.
"""

from __future__ import annotations

from typing import Protocol

from arengo.core.models import Person
from arengo.newsroom.models import Update


class Watcher(Protocol):
    def before(self, update: Update) -> None:
        """``update`` is still as it was; not called for a draft that is made."""
        ...

    def after(self, update: Update, by: Person) -> None: ...


_watchers: dict[str, Watcher] = {}


def register(name: str, watcher: Watcher) -> None:
    _watchers[name] = watcher


def before(update: Update) -> None:
    for watcher in _watchers.values():
        watcher.before(update)


def after(update: Update, by: Person) -> None:
    for watcher in _watchers.values():
        watcher.after(update, by)
