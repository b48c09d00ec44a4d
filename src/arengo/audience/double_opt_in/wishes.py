# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Joins that wait for a second word, as ``consent_book`` sees them: read once for all who speak, decided in memory, then written.

Asked twice are those who write in the chat, in whatever way, and those whose message an operator reads as a request: the number may
be somebody else's, the message a mistake. Not asked: who joins on their own page, since the link in the chat was opened for it; who is
imported, since the proof lies elsewhere; who is put back, since their own earlier word holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from arengo.audience.consent_words import Words
from arengo.audience.double_opt_in.models import Pending
from arengo.audience.models import Consent, ListSettings
from arengo.core import bulk

ASKED = (Consent.Source.MESSAGE, Consent.Source.STAFF)


@dataclass
class Wishes:
    """``days``: how long one may confirm; 0 where the organization asks nobody twice. ``waiting``: by identity, in time or not."""

    now: datetime
    days: int
    waiting: dict[int, Pending]
    added: dict[int, Words] = field(default_factory=dict)
    ended: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, said: Sequence[Words], ids: Sequence[int], settings: ListSettings | None) -> Wishes:
        """Of people who are locked; ``ids`` without those whom nobody could know. ``settings``: where they are at hand."""
        days = 0
        if any(words.action == Consent.Action.GIVEN and words.source in ASKED for words in said):
            own = settings or ListSettings.objects.only("double_opt_in", "confirm_days").first()
            days = own.confirm_days if own is not None and own.double_opt_in else 0
        rows = Pending.objects.filter(identity__among=ids).select_related("consent") if ids else ()
        return cls(timezone.now(), days, {row.identity_id: row for row in rows})

    def asks_for(self, words: Words) -> bool:
        return self.days > 0 and words.source in ASKED

    def confirmed(self, words: Words) -> Pending | None:
        """The wish to which these words say yes, in time."""
        pending = self._live(words.identity.pk)
        says_yes = words.confirms or words.source == Consent.Source.PAGE
        return pending if pending is not None and says_yes and words.at >= pending.at else None

    def add(self, words: Words) -> bool:
        """Whether it is new. One that waits already stays as it is, but for what it names now."""
        person = words.identity.pk
        new = person not in self.added and self._live(person) is None
        self.added[person] = words
        self.ended.discard(person)
        return new

    def withdrawn(self, words: Words) -> None:
        """A leave ends what waits, unless that was said later."""
        person = words.identity.pk
        pending, added = self.waiting.get(person), self.added.get(person)
        if (pending is not None and words.at >= pending.at) or (added is not None and words.at >= added.at):
            self.end(person)

    def end(self, person: int) -> None:
        self.added.pop(person, None)
        if self.waiting.pop(person, None) is not None:
            self.ended.add(person)

    def write(self, organization_id: int, lines: Mapping[int, int]) -> None:
        """``lines``: of words, by id(), their row of the log."""
        again, new = [], []
        for person, words in self.added.items():
            pending = self._live(person)
            chosen = ",".join([*map(str, words.topics), *(f"q{pk}" for pk in words.quarters)])
            if pending is not None:
                pending.chosen = chosen
                again.append(pending)
                continue
            if person in self.waiting:
                self.ended.add(person)
            row = bulk.new(
                Pending,
                organization_id=organization_id,
                identity_id=person,
                consent_id=lines[id(words)],
                chosen=chosen,
                at=words.at,
                expires_at=self.now + timedelta(days=self.days),
            )
            new.append(row)
        if self.ended:
            Pending.objects.filter(identity__among=sorted(self.ended)).delete()
        bulk.update(again, ["chosen"])
        bulk.insert(new)

    def _live(self, person: int) -> Pending | None:
        pending = self.waiting.get(person)
        return pending if pending is not None and pending.expires_at > self.now else None
