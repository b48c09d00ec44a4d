# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two answers within seconds: who presses «Invia» just after a colleague is asked once, and sees both texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import ngettext

from arengo.core.clean_text import isolated
from arengo.core.models import Person
from arengo.desk.handling import HandlingRefused
from arengo.desk.models import Conversation, Message

WITHIN = timedelta(seconds=10)


class ColleagueAnswered(HandlingRefused):
    """A colleague's answer is a few seconds old: nothing was sent. ``message`` is theirs."""

    def __init__(self, message: Message) -> None:
        ago = timezone.now() - message.received_at
        self.message, self.ago = message, max(int(ago.total_seconds()), 1)
        words = ngettext(
            "%(name)s ha risposto %(n)d secondo fa. La tua risposta non è ancora partita.",
            "%(name)s ha risposto %(n)d secondi fa. La tua risposta non è ancora partita.",
            self.ago,
        )
        super().__init__(words % {"name": isolated(message.author), "n": self.ago})


def ask(held: Conversation, by: Person, anyway: int | None) -> bool:
    """Raises ColleagueAnswered when a colleague answered within ten seconds, unless the person has seen that very answer.

    ``anyway``: the id of the answer that they have seen. Returns whether they have: then theirs goes beside it, also when a
    colleague has the conversation in hand. ``held`` is locked.
    """
    latest = (
        Message.objects.filter(
            conversation=held, direction=Message.Direction.OUT, author__isnull=False, copy=False
        )
        .select_related("author")
        .order_by("-sent_at", "-id")
        .first()
    )
    if latest is None or latest.author_id == by.pk or timezone.now() - latest.received_at > WITHIN:
        return anyway is not None and latest is not None and latest.pk == anyway
    if latest.pk != anyway:
        raise ColleagueAnswered(latest)
    return True


@dataclass(frozen=True)
class Second:
    """What the question shows: the colleague's answer and mine, which was not sent.

    ``beside``: name and value of what goes with my words, the message that they quote, and the files with their captions.
    """

    theirs: Message
    ago: int  # seconds
    mine: str
    beside: Sequence[tuple[str, str]]

    @classmethod
    def of(cls, refused: ColleagueAnswered, mine: str, form: QueryDict) -> Second:
        names = [name for name in form if name in ("reply_to", "upload") or name.startswith("caption-")]
        beside = [(name, value) for name in names for value in form.getlist(name)]
        return cls(refused.message, refused.ago, mine, beside)
