# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The notes of one conversation, for its screen: between its messages, at the foot, on the citizen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.http import HttpRequest

from arengo.core import outside
from arengo.core.access import membership_of, person_of
from arengo.core.models import Person, Role
from arengo.desk.bubbles import Bubble
from arengo.desk.inbox import Thread
from arengo.desk.models import Conversation
from arengo.desk.notes import shown
from arengo.desk.notes.models import LONGEST
from arengo.desk.notes.shown import Line


@dataclass(frozen=True)
class Notes:
    """``last``: what stands after the last message shown; ``person``: notes on the citizen, the latest first.

    ``writing``: the foot shows the note's side; ``draft``: the words of a note that was refused; ``unseen``: how many notes of
    the conversation call the person who looks, and are new to them; ``colleagues``: whom a note may call.
    """

    last: Sequence[Line]
    person: Sequence[Line]
    may_write: bool
    writing: bool
    draft: str
    unseen: int
    colleagues: Sequence[Person]
    longest: int = LONGEST

    @classmethod
    def of(
        cls,
        conversation: Conversation,
        request: HttpRequest,
        last: Sequence[Line],
        colleagues: Sequence[Person],
        *,
        refused: bool,
    ) -> Notes:
        membership = membership_of(request)
        may = (
            membership is not None and membership.has(Role.OPERATOR) and conversation.identity_id is not None
        )
        draft = outside.text(request.POST.get("note")) if refused else ""
        return cls(
            last=last,
            person=shown.on_person(conversation, membership),
            may_write=may,
            writing=bool(draft) or request.GET.get("nota") == "1",
            draft=draft,
            unseen=shown.unseen_in(conversation, person_of(request)) if may else 0,
            colleagues=[each for each in colleagues if each.pk != request.user.pk],
        )


def among(
    bubbles: Sequence[Bubble], conversation: Conversation, request: HttpRequest, thread: Thread
) -> tuple[list[Bubble], list[Line]]:
    """The bubbles, each with the notes that stand before it, and the notes after the last one."""
    moments = [message.sent_at for message in thread.messages]
    lines = shown.in_thread(
        conversation,
        membership_of(request),
        since=moments[0] if moments and thread.earlier is not None else None,
        until=moments[-1] if moments and not thread.newest else None,
    )
    places = shown.placed(lines, moments)
    with_notes = [
        replace(bubble, notes=notes) if notes else bubble
        for bubble, notes in zip(bubbles, places, strict=False)
    ]
    return with_notes, places[-1]
