# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stands beside the text of an update and is a page of its own: its versions, comments. Each registers itself, from its AppConfig.

With a script the editor shows it in the place of the preview: the part of the page whose id is ``pane-content``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from arengo.newsroom.models import Update


@dataclass(frozen=True)
class Pane:
    """``url_name``: its page, whose one argument is the update's id. ``count``: a number beside its name; 0 is not shown."""

    name: str
    label: str | Promise
    url_name: str
    order: int
    count: Callable[[Update], int] | None = None


@dataclass(frozen=True)
class Tab:
    """A pane, for one update."""

    name: str
    label: str | Promise
    url: str
    count: int


_panes: dict[str, Pane] = {}


def register(pane: Pane) -> None:
    _panes[pane.name] = pane


def tabs(update: Update | None) -> list[Tab]:
    """None for what was never saved: there is nothing to say of it."""
    if update is None:
        return []
    return [
        Tab(
            pane.name,
            pane.label,
            reverse(pane.url_name, args=[update.pk]),
            pane.count(update) if pane.count else 0,
        )
        for pane in sorted(_panes.values(), key=lambda pane: pane.order)
    ]
