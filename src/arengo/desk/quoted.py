# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Updates in a conversation: those that a citizen quotes, and those that they react to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from arengo.core.models import Membership
from arengo.delivery.models import Fanout
from arengo.delivery.sending import announced
from arengo.delivery.sending.announced import Announced
from arengo.desk.models import Message, Reaction

_EXCERPT = 160  # characters of an update's words


@dataclass(frozen=True)
class QuotedUpdate:
    """``title`` and ``words`` are empty where the room that sent it does not know it any more."""

    at: datetime
    title: str = ""
    words: str = ""
    href: str = ""

    @classmethod
    def of(cls, update: Announced, reader: Membership | None) -> QuotedUpdate:
        words = " ".join(update.words.split())
        writes = reader is not None and reader.has(*update.staff_roles)
        return cls(
            at=update.at,
            title=update.title,
            words=words if len(words) <= _EXCERPT else words[: _EXCERPT - 1].rstrip() + "…",
            href=update.staff_href if writes and update.staff_href else update.href,
        )


@dataclass(frozen=True)
class Reacted:
    """A reaction to an update, at its place between the messages."""

    reaction: Reaction
    update: QuotedUpdate


def updates(
    messages: Sequence[Message], reactions: Sequence[Reaction], reader: Membership | None
) -> dict[int, QuotedUpdate]:
    """By the mailing's id. The link leads to where ``reader`` may read it."""
    fanouts: dict[int, Fanout] = {
        each.pk: each
        for each in (*(m.quoted_fanout for m in messages), *(r.fanout for r in reactions))
        if each is not None
    }
    said = announced.of(fanouts)
    return {
        pk: QuotedUpdate.of(said[pk], reader) if pk in said else QuotedUpdate(at=fanout.created_at)
        for pk, fanout in fanouts.items()
    }


def reacted(reactions: Sequence[Reaction], known: Mapping[int, QuotedUpdate]) -> list[Reacted]:
    return [
        Reacted(each, known[each.fanout_id])
        for each in reactions
        if each.fanout_id is not None and each.fanout_id in known
    ]
