# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""«temi», «quartieri», «frequenza», and what is pressed in their lists: the choice counts, and the answer says what they now receive.

Called in the reader's transaction, inside the organization's scope. People come one by one: :func:`choosing.choose`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils import translation
from django.utils.translation import gettext as _, gettext_lazy

from arengo.audience import choices, choosing, frequencies, receiving, standing, topic_lists
from arengo.audience.answers import CHOICES
from arengo.audience.choices import ChoicePressed, Handled
from arengo.audience.commands import FREQUENCY, LESS, QUARTERS, TOPICS
from arengo.audience.events import ReplyWanted
from arengo.audience.models import ListSettings, Subscription
from arengo.audience.receiving import Names, Receives
from arengo.audience.topic_lists import ALL, IS, MORE, PAGE
from arengo.audience.topics.models import Choosing
from arengo.core import automatic, outside
from arengo.core.automatic import Kind, some_a_day
from arengo.core.events import Batch
from arengo.core.models import Organization


def register() -> None:
    automatic.register(
        Kind(
            CHOICES,
            gettext_lazy("Scelta di temi, quartieri e frequenza"),
            gettext_lazy(
                "A chi scrive «temi», «quartieri» o «frequenza», e a chi sceglie; sta anche sotto il benvenuto."
            ),
            "audience:topics",
            some_a_day(CHOICES, times=12, a_day=40, minutes=10),
        )
    )
    for kind, handler in ((TOPICS, _topics), (QUARTERS, _quarters), (FREQUENCY, _frequency)):
        choices.register(kind, handler)


def _topics(batch: Batch[ChoicePressed]) -> Handled:
    return _handle(TOPICS, batch)


def _quarters(batch: Batch[ChoicePressed]) -> Handled:
    return _handle(QUARTERS, batch)


def _frequency(batch: Batch[ChoicePressed]) -> Handled:
    return _handle(FREQUENCY, batch)


def _handle(kind: str, batch: Batch[ChoicePressed]) -> Handled:
    """A command in words that nobody would answer, or that nothing comes of, is a person's to read."""
    chat = _Chat.of(kind, batch)
    replies: list[ReplyWanted] = []
    for_people: set[str] = set()
    for event in batch.events:
        reply = chat.hear(event)
        if reply is None and event.message.kind != "choice":
            for_people.add(event.message.message_id)
        elif reply is not None:
            replies.append(reply)
    return Handled(replies, for_people)


@dataclass
class _Chat:
    """One kind of list during one batch."""

    kind: str
    names: Names
    language: str
    platform: str
    words: dict[str, str]  # the first of joining and of leaving
    answers: bool  # whether the organization has such answers sent

    @classmethod
    def of(cls, kind: str, batch: Batch[ChoicePressed]) -> _Chat:
        settings = ListSettings.objects.first()
        words = {
            "join": next(iter(settings.join_words), "") if settings else "",
            "leave": next(iter(settings.leave_words), "") if settings else "",
        }
        language = Organization.objects.get(pk=batch.organization_id).language
        return cls(kind, Names.read(), language, batch.platform, words, CHOICES in automatic.switched_on())

    def hear(self, event: ChoicePressed) -> ReplyWanted | None:
        """None: nothing came of it, or nothing may be answered."""
        subscription = standing.subscription_of(event.identity)
        with translation.override(self.language):
            if subscription is None or not subscription.active or event.at < subscription.since:
                return self._to_stranger(event)
            before = receiving.of(subscription)
            after = self._after(event.value, before)
            said = event.message.kind != "choice" and event.value.startswith(LESS)
            if after is None and said and not self._was_only(event.value, before):
                return None  # of what they do not have they may mean something else
            if after is None and event.value and event.value[:1] != PAGE:
                after = before  # what is not offered any more, or the only one
            if after is not None and after != before:
                before = self._choose(event, subscription, after)
            return self._reply(event, before) if self.answers else None

    def _choose(self, event: ChoicePressed, subscription: Subscription, after: Receives) -> Receives:
        pressed = event.message.kind == "choice"
        # Of two linked chats the log of the one's card repeats no word of the other's.
        here = subscription.identity_id == event.identity.pk
        try:
            return choosing.choose(
                subscription,
                topics=after.topics,
                quarters=after.quarters,
                frequency=after.frequency,
                way=Choosing.Way.BUTTON if pressed else Choosing.Way.MESSAGE,
                at=event.at,
                text=event.message.text if here else standing.said_elsewhere(event.identity),
                message_id=event.message.message_id if here else "",
            )
        except (choosing.NotOffered, choosing.NotOnList):  # it went, or they left, at this very moment
            return receiving.of(subscription)

    def _after(self, value: str, before: Receives) -> Receives | None:
        """None where the value asks for nothing that can be had."""
        if self.kind == FREQUENCY:
            known = value[:1] == IS and any(one.key == value[1:] for one in frequencies.offered())
            return replace(before, frequency=value[1:]) if known else None
        chosen = before.quarters if self.kind == QUARTERS else before.topics
        new = self._chosen(value, chosen)
        if new is None:
            return None
        return replace(before, quarters=new) if self.kind == QUARTERS else replace(before, topics=new)

    def _chosen(self, value: str, chosen: frozenset[int]) -> frozenset[int] | None:
        named = self.names.quarters if self.kind == QUARTERS else self.names.topics
        in_use = {pk for pk, one in named.items() if one.ended_at is None}
        if value == ALL:
            return frozenset()
        pk = outside.whole(value[1:], least=1)
        if pk is None or value[:1] not in (MORE, LESS):
            return None
        if value[:1] == MORE:
            return chosen | {pk} if pk in in_use else None
        left = (chosen or in_use) - {pk}
        return frozenset(left) if pk in (chosen or in_use) and left else None

    def _reply(self, event: ChoicePressed, receives: Receives) -> ReplyWanted:
        told = self.names.to_citizen(receives)
        if self._was_only(event.value, receives):
            words = _(
                "È l’unico che ricevi: non l’abbiamo tolto. Per non ricevere più niente scrivi %(leave)s."
            )
            told = f"{words % self.words} {told}"
        pressing = topic_lists.pressing_on(self.platform)
        page = outside.whole(event.value[1:], least=1) if event.value[:1] == PAGE else None
        asked = f"{told}\n\n{_('Per cambiare premi «Scegli».')}"
        listing = (
            topic_lists.listing(asked, self.kind, self.names, receives, pressing, page or 1)
            if pressing
            else None
        )
        if listing is not None:
            return event.reply(CHOICES, asked, outgoing=listing)
        how = topic_lists.as_text(self.kind, self.names, receives, self.words)
        return event.reply(CHOICES, f"{told}\n\n{how}")

    def _was_only(self, value: str, receives: Receives) -> bool:
        chosen = receives.quarters if self.kind == QUARTERS else receives.topics
        pk = outside.whole(value[1:], least=1)
        named = self.names.quarters if self.kind == QUARTERS else self.names.topics
        in_use = {one for one, each in named.items() if each.ended_at is None}
        return value[:1] == LESS and (chosen or in_use) == {pk}

    def _to_stranger(self, event: ChoicePressed) -> ReplyWanted | None:
        """For somebody who is not on the list and asks for its topics; a press on an old list is answered the same."""
        if not self.answers or (event.value and event.message.kind != "choice"):
            return None
        found = topic_lists.offered(self.names, self.kind, Receives()) if self.kind != FREQUENCY else []
        told = _("Non sei fra gli iscritti: per esserlo scrivi %(join)s.") % self.words
        if found:
            names = ", ".join(one.name for one in found)
            only = _("Per riceverne solo uno scrivi %(join)s e il suo nome: %(names)s.")
            told = f"{told} {only % {**self.words, 'names': names}}"
        return event.reply(CHOICES, told)
