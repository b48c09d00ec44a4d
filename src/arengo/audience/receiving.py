# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody on the list receives, as a value and as a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _, ngettext

from arengo.audience import frequencies
from arengo.audience.models import Quarter, Subscription, Topic
from arengo.audience.naming import Named
from arengo.core.clean_text import isolated


@dataclass(frozen=True)
class Receives:
    """Ids: no topics are all topics, no quarters the whole town. ``frequency``: a key of ``frequencies.py``."""

    topics: frozenset[int] = frozenset()
    quarters: frozenset[int] = frozenset()
    frequency: str = frequencies.EVERYTHING


def of(subscription: Subscription) -> Receives:
    """Two queries, none where the sets were fetched before."""
    return Receives(
        frozenset(topic.pk for topic in subscription.topics.all()),
        frozenset(quarter.pk for quarter in subscription.quarters.all()),
        subscription.frequency,
    )


@dataclass(frozen=True)
class Names:
    """Of all topics and quarters of the scope's organization, in its order; also of those that ended, which some still have."""

    topics: Mapping[int, Topic]
    quarters: Mapping[int, Quarter]

    @classmethod
    def read(cls) -> Names:
        return cls(
            {topic.pk: topic for topic in Topic.objects.all()},
            {quarter.pk: quarter for quarter in Quarter.objects.all()},
        )

    @classmethod
    def in_use(cls) -> Names:
        """Those that can be chosen."""
        return cls(
            {topic.pk: topic for topic in Topic.in_use()},
            {quarter.pk: quarter for quarter in Quarter.in_use()},
        )

    def to_staff(self, receives: Receives, platform: str) -> str:
        """«Riceve Viabilità ed Emergenze del quartiere Borgo, appena escono, su WhatsApp.»"""
        chosen = frequencies.find(receives.frequency)
        return _("Riceve %(what)s %(where)s, %(when)s, su %(platform)s.") % {
            "what": joined(_shown(self.topics, receives.topics)) if receives.topics else _("tutti i temi"),
            "where": _of_quarters(_shown(self.quarters, receives.quarters)),
            "when": chosen.phrase if chosen else _("solo le allerte"),
            "platform": platform,
        }

    def to_citizen(self, receives: Receives) -> str:
        """«Ricevi: Eventi, Viabilità. Quartiere: Borgo. Le allerte arrivano a tutti.» What there is nothing of to choose is not named."""
        topics = [topic.shown for pk, topic in self.topics.items() if pk in receives.topics]
        said = [_("Ricevi: %(topics)s.") % {"topics": ", ".join(topics) or _("tutti i temi")}]
        if any(quarter.ended_at is None for quarter in self.quarters.values()) or receives.quarters:
            quarters = [quarter.shown for pk, quarter in self.quarters.items() if pk in receives.quarters]
            said.append(
                _("Quartiere: %(quarters)s.") % {"quarters": ", ".join(quarters) or _("tutta la città")}
            )
        if frequencies.offered() or receives.frequency:
            chosen = frequencies.find(receives.frequency)
            said.append(
                _("Quanto spesso: %(when)s.") % {"when": chosen.label if chosen else _("solo le allerte")}
            )
        return " ".join([*said, _("Le allerte arrivano a tutti.")])


def _shown(named: Mapping[int, Named], chosen: frozenset[int]) -> list[str]:
    return [isolated(one.shown) for pk, one in named.items() if pk in chosen]


def joined(words: Sequence[str]) -> str:
    """«Eventi», «Eventi e Viabilità», «Viabilità ed Emergenze»."""
    if len(words) < 2:
        return "".join(words)
    begins = words[-1].lstrip("\u2066\u2067\u2068")[:1]  # isolated() puts a sign before it
    together = _("%(several)s ed %(last)s") if begins in "eEèÈéÉ" else _("%(several)s e %(last)s")
    return together % {"several": ", ".join(words[:-1]), "last": words[-1]}


def _of_quarters(names: Sequence[str]) -> str:
    if not names:
        return _("di tutta la città")
    words = ngettext("del quartiere %(names)s", "dei quartieri %(names)s", len(names))
    return words % {"names": joined(names)}
