# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an update says, as one value: the same for what is stored and for what is being written on a screen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from arengo.newsroom.models import DEFAULT_KIND, MOST_ITEMS, Rubric, Update

POINTER = (
    " 👉 "  # between a flash and its link: a template value is one line, so the link stands beside its words
)


@dataclass(frozen=True)
class Flash:
    """``rubric``: a value of ``models.Rubric``, or ""."""

    text: str
    url: str = ""
    rubric: str = ""

    @property
    def words(self) -> str:
        """With the sign of its rubric."""
        return f"{Rubric(self.rubric).sign} {self.text}" if self.rubric and self.text else self.text

    @property
    def line(self) -> str:
        """What the phone shows of it."""
        return f"{self.words}{POINTER}{self.url}" if self.url else self.words


@dataclass(frozen=True)
class Draft:
    """``slots`` are the places of the editor, in order; empty ones are not part of what goes out.

    ``content``: what else its kind says. ``update_id``: of a stored one, which its buttons name.
    """

    title: str = ""
    slots: tuple[Flash, ...] = ()
    has_image: bool = False
    image_alt: str = ""
    outlets: tuple[str, ...] = ()
    sender_id: int | None = None
    topics: tuple[int, ...] = ()  # ids; none: everybody
    quarters: tuple[int, ...] = ()  # likewise: the whole town
    kind: str = DEFAULT_KIND
    content: Mapping[str, Any] = field(default_factory=dict)
    update_id: int | None = field(default=None, compare=False)

    @property
    def items(self) -> list[Flash]:
        return [flash for flash in self.slots if flash.text or flash.url]

    @property
    def is_blank(self) -> bool:
        """Nobody wrote anything: what is only chosen is no draft yet."""
        return not (
            self.title or self.items or self.has_image or self.image_alt or any(self.content.values())
        )


def draft_of(update: Update) -> Draft:
    return Draft(
        title=update.title,
        slots=filled_up(Flash(item.text, item.url, item.rubric) for item in update.items.all()),
        has_image=bool(update.image),
        image_alt=update.image_alt,
        outlets=tuple(update.outlets),
        sender_id=update.sender_id,
        topics=tuple(update.topics),
        quarters=tuple(update.quarters),
        kind=update.kind,
        content=update.content,
        update_id=update.pk,
    )


def filled_up(flashes: Iterable[Flash]) -> tuple[Flash, ...]:
    """Always as many slots as the editor has."""
    slots = list(flashes)[:MOST_ITEMS]
    return (*slots, *(Flash("") for _ in range(MOST_ITEMS - len(slots))))


def kept_form(draft: Draft) -> dict[str, Any]:
    """As JSON keeps it."""
    found: dict[str, Any] = msgspec.to_builtins(draft)
    return found


def from_kept(kept: Mapping[str, Any]) -> Draft:
    """What was kept before a field was there has that field's default."""
    return msgspec.convert(kept, Draft)
