# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a citizen is told of the topics that they receive, in the organization's language and with its own commands."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from arengo.audience.consent import Outcome, Step
from arengo.audience.receiving import Names


def all_topics(language: str) -> str:
    with translation.override(language):
        return _("tutti i temi")


@dataclass(frozen=True)
class TopicWords:
    """``names``, ``quarters``: of all, by id, in their order. ``join`` and ``leave``: the words that subscribe and unsubscribe."""

    language: str
    names: Mapping[int, str]
    join: str
    leave: str
    quarters: Mapping[int, str]

    @classmethod
    def of(cls, language: str, names: Names, join: Sequence[str], leave: Sequence[str]) -> TopicWords:
        """``join``, ``leave``: the organization's words; the first of each is the one of the posters."""
        with translation.override(language):
            topics = {pk: topic.shown for pk, topic in names.topics.items()}
            quarters = {pk: quarter.shown for pk, quarter in names.quarters.items()}
        return cls(language, topics, next(iter(join), ""), next(iter(leave), ""), quarters)

    def listed(self, topics: Collection[int]) -> str:
        """«Eventi, Viabilità»; without topics «tutti i temi». What ``{temi}`` stands for."""
        return self._listed(topics) if topics else all_topics(self.language)

    def sentence(self, step: Step) -> str:
        """What is added to an answer that does not name the topics itself; empty where all is said."""
        with translation.override(self.language):
            if (step.topics or step.quarters) and step.outcome in (Outcome.JOINED, Outcome.ALREADY):
                return self._only(step.topics, step.quarters, joined=step.outcome is Outcome.JOINED)
            if step.outcome is Outcome.ALREADY and step.about_topics:
                return _(
                    "Ricevi tutti i temi. Per riceverne solo alcuni scrivi prima %(leave)s, poi %(join)s e i temi."
                ) % {"leave": self.leave, "join": self.join}
        return ""

    def longest(self) -> str:
        """The longest sentence that may be added."""
        with translation.override(self.language):
            return self._only(self.names.keys(), self.quarters.keys(), joined=True) if self.names else ""

    def example(self) -> str:
        """What is added for somebody who chose the first topic."""
        with translation.override(self.language):
            return self._only([next(iter(self.names))], (), joined=True) if self.names else ""

    def _only(self, topics: Collection[int], quarters: Collection[int], *, joined: bool) -> str:
        if not topics:
            words = (
                _(
                    "Riceverai gli avvisi per tutti e quelli del quartiere %(quarters)s. Per ricevere tutto scrivi %(join)s."
                )
                if joined
                else _(
                    "Ricevi gli avvisi per tutti e quelli del quartiere %(quarters)s. Per ricevere tutto scrivi %(join)s."
                )
            )
            return words % {"quarters": self._of(quarters), "join": self.join}
        words = (
            _("Riceverai solo: %(topics)s. Le allerte arrivano a tutti. Per ricevere tutto scrivi %(join)s.")
            if joined
            else _(
                "Ricevi solo: %(topics)s. Le allerte arrivano a tutti. Per ricevere tutto scrivi %(join)s."
            )
        )
        listed = self._listed(topics)
        if quarters:
            listed = _("%(topics)s (quartiere %(quarters)s)") % {
                "topics": listed,
                "quarters": self._of(quarters),
            }
        return words % {"topics": listed, "join": self.join}

    def _of(self, quarters: Collection[int]) -> str:
        return ", ".join(name for pk, name in self.quarters.items() if pk in quarters)

    def _listed(self, topics: Collection[int]) -> str:
        return ", ".join(name for pk, name in self.names.items() if pk in topics)
