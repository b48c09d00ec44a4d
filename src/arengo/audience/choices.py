# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Buttons and list rows of ours: who hears that one was pressed.

A room registers a prefix, from its AppConfig, and makes its buttons with :func:`id_of`. What is pressed reaches the handler
in the reader's transaction: once a message, and for each person in the order in which they wrote. A choice that nobody
registered is a message like others, shown at the desk with the words of its button.

Templates lie on phones for years: a prefix, once used, stays registered and goes on meaning the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from arengo.audience.events import ReplyWanted, Shown
from arengo.audience.models import Identity
from arengo.core.events import Batch
from arengo.platforms.contract import Buttons, Listing, MessageReceived, Nature

_OURS = "arengo"
# 10: the desk's messages and the journal's lanes remember by which prefix something was handled.
_PREFIX = re.compile(r"[a-z][a-z0-9-]{0,9}")


class Choice(NamedTuple):
    """What an id of ours says: ``arengo:<prefix>`` or ``arengo:<prefix>:<value>``. The value may hold colons."""

    prefix: str
    value: str = ""


@dataclass(frozen=True)
class ChoicePressed:
    """A citizen pressed a button or a list row of ours, or said the same in words.

    ``value`` comes from outside: it is what :func:`id_of` was given, or anything else. ``message.copy``: another responder
    has the conversation; the choice counts and is not answered. ``prefix`` is empty for an edit that is no command (any
    more), of which only the list hears.
    """

    identity: Identity
    prefix: str
    value: str
    message: MessageReceived
    shown: Shown = field(compare=False)

    @property
    def contact_id(self) -> int:
        return self.identity.contact_id

    @property
    def at(self) -> datetime:
        return self.message.sent_at

    def reply(
        self,
        kind: str,
        text: str,
        *,
        owed: bool = False,
        outgoing: Listing | Buttons | None = None,
        shown_as: str = "",
    ) -> ReplyWanted:
        """The organization's words in answer to it. ``kind`` is of core/automatic.py; the others as in ``ReplyWanted``."""
        edit = self.message.message_id if self.message.nature is Nature.EDIT else ""
        return ReplyWanted(
            self.contact_id,
            self.identity.pk,
            text,
            self.message.about if edit and self.message.about else self.message.message_id,
            kind,
            owed=owed,
            edit=edit,
            outgoing=outgoing,
            to=self.identity.address,
            said_at=self.message.sent_at,
            shown=self.shown,
            shown_as=shown_as,
        )


@dataclass(frozen=True)
class Handled:
    """What came of a batch. ``for_people``: ids of messages that a person of ours must answer all the same."""

    replies: Sequence[ReplyWanted] = ()
    for_people: Collection[str] = ()


Handler = Callable[[Batch[ChoicePressed]], Handled]
"""Called inside the organization's scope, before the desk stores the messages: it locks people first, then rows of its room,
and no conversation. What it raises undoes the batch, which the reader tries again in halves."""

_handlers: dict[str, Handler] = {}
_private: set[str] = set()


class PrefixTaken(Exception):
    """Another handler has it: one of the two would never hear of its buttons."""


def register(prefix: str, handler: Handler, *, private: bool = False) -> None:
    """``prefix``: small letters, digits and hyphens, at most ten. PrefixTaken, ValueError: mistakes of a room.

    ``private``: what is pressed is nobody's to read. The handler alone hears of it: no room above is told that something was
    written, and the journal loses its raw body with the transaction in which it is applied. So the handler answers by itself.
    """
    if not _PREFIX.fullmatch(prefix):
        raise ValueError(f"«{prefix}» is no prefix of choices")
    if _handlers.setdefault(prefix, handler) is not handler:
        raise PrefixTaken(prefix)
    if private:
        _private.add(prefix)


def is_private(prefix: str) -> bool:
    return prefix in _private


def handler_of(prefix: str) -> Handler:
    """LookupError for one that no room registered."""
    return _handlers[prefix]


def id_of(prefix: str, value: str = "") -> str:
    """For the button or row that a room sends; it is made before all rooms have registered. ValueError for no prefix at all.

    That somebody hears of each button of our templates is what ``tests/config/test_buttons.py`` sees to.
    """
    if not _PREFIX.fullmatch(prefix):
        raise ValueError(f"«{prefix}» is no prefix of choices")
    return f"{_OURS}:{prefix}:{value}" if value else f"{_OURS}:{prefix}"


def read(choice_id: str) -> Choice | None:
    """None for an id that is not ours, or whose prefix no room registered."""
    ours, _, rest = choice_id.partition(":")
    prefix, _, value = rest.partition(":")
    return Choice(prefix, value) if ours == _OURS and prefix in _handlers else None


def in_rounds(
    pressed: Iterable[tuple[Handler, ChoicePressed]],
) -> Iterator[tuple[Handler, list[ChoicePressed]]]:
    """Batches for the handlers, few and each in the order given, so that each person's come to them in that order too.

    Most batches are one a handler: only who turns back to an earlier handler is heard in a further round.
    """
    ranks: dict[Handler, int] = {}
    last: dict[int, tuple[int, int]] = {}  # by contact: the round and the rank of what they said last
    batches: dict[tuple[int, int], tuple[Handler, list[ChoicePressed]]] = {}
    for handler, event in pressed:
        rank = ranks.setdefault(handler, len(ranks))
        number, before = last.get(event.contact_id, (0, rank))
        at = (number + 1 if rank < before else number, rank)
        last[event.contact_id] = at
        batches.setdefault(at, (handler, []))[1].append(event)
    for at in sorted(batches):
        yield batches[at]
