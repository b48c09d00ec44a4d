# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the list answers by itself: one kind of message for each thing that can come of a command."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from arengo.audience.consent import Outcome, Step
from arengo.audience.events import Proves
from arengo.audience.models import ListSettings, Policy
from arengo.audience.receiving import Names
from arengo.audience.topic_words import TopicWords
from arengo.audience.wording import Wording
from arengo.core import automatic
from arengo.core.automatic import Kind, some_a_day
from arengo.core.events import Batch
from arengo.core.models import Organization

WELCOME, ALREADY, GOODBYE, NOT_SUBSCRIBED, ACCEPTED, CONFIRM = (
    "audience.welcome",
    "audience.already",
    "audience.goodbye",
    "audience.not_subscribed",
    "audience.accepted",
    "audience.confirm",
)
CHOICES = "audience.choices"  # topics/chat.py
ALL = (WELCOME, ALREADY, GOODBYE, NOT_SUBSCRIBED, ACCEPTED, CONFIRM)
KINDS = {
    Outcome.JOINED: WELCOME,
    Outcome.ALREADY: ALREADY,
    Outcome.LEFT: GOODBYE,
    Outcome.NOT_SUBSCRIBED: NOT_SUBSCRIBED,
    Outcome.CONFIRMED: ACCEPTED,
    Outcome.PENDING: CONFIRM,
}
_WORDED_AT = "settings:list"


def register() -> None:
    automatic.register(
        Kind(
            WELCOME,
            _("Benvenuto"),
            _("A chi si iscrive. Alla prima iscrizione arriva sempre, semmai più tardi."),
            _WORDED_AT,
            some_a_day(WELCOME, times=1, a_day=2, minutes=10),
        )
    )
    automatic.register(
        Kind(
            ALREADY,
            _("Già iscritto"),
            _("A chi si iscrive ed è già iscritto."),
            _WORDED_AT,
            some_a_day(ALREADY, times=1, a_day=2, minutes=10),
        )
    )
    automatic.register(
        Kind(
            GOODBYE,
            _("Conferma della cancellazione"),
            _("A chi si cancella."),
            _WORDED_AT,
            some_a_day(GOODBYE, times=1, a_day=2, minutes=10),
        )
    )
    automatic.register(
        Kind(
            NOT_SUBSCRIBED,
            _("Non iscritto"),
            _("A chi si cancella senza essere iscritto."),
            _WORDED_AT,
            some_a_day(NOT_SUBSCRIBED, times=1, a_day=2, minutes=10),
        )
    )
    automatic.register(
        Kind(
            ACCEPTED,
            _("Conferma di chi accetta"),
            _("A chi accetta una nuova versione dell’informativa o delle regole."),
            _WORDED_AT,
            some_a_day(ACCEPTED, times=1, a_day=2, minutes=10),
        )
    )
    automatic.register(
        Kind(
            CONFIRM,
            _("Domanda di conferma"),
            _(
                "A chi si iscrive, dove serve la doppia conferma. La prima volta arriva sempre, semmai più tardi."
            ),
            _WORDED_AT,
            some_a_day(CONFIRM, times=1, a_day=3, minutes=10),
        )
    )


@dataclass
class Answers:
    """The organization's answers during one batch: thousands may be told the same."""

    texts: Mapping[Outcome, str]  # as they are written in the settings
    wording: Wording
    topics: TopicWords
    in_force: Mapping[str, Policy]
    platform: str = ""  # on which they are sent
    _known: dict[tuple[Outcome, frozenset[int], frozenset[int], bool], str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        batch: Batch[Any],
        settings: ListSettings,
        in_force: Mapping[str, Policy],
        names: Names,
    ) -> Answers:
        """``in_force``: the policies; ``names``: of topics and quarters."""
        organization = Organization.objects.get(pk=batch.organization_id)
        texts = {
            Outcome.JOINED: settings.welcome_text,
            Outcome.ALREADY: settings.already_text,
            Outcome.LEFT: settings.goodbye_text,
            Outcome.NOT_SUBSCRIBED: settings.not_subscribed_text,
            Outcome.CONFIRMED: settings.accepted_text,
            Outcome.PENDING: settings.confirm_text,
        }
        words = TopicWords.of(organization.language, names, settings.join_words, settings.leave_words)
        return cls(texts, Wording.of(organization, in_force, settings), words, in_force, batch.platform)

    def to(self, step: Step) -> str:
        """What is said to that step, ready to be sent; empty: nothing."""
        key = (step.outcome, step.topics, step.quarters, step.about_topics)
        if key not in self._known:
            text = self.texts.get(step.outcome, "")
            wording = replace(self.wording, topics=self.topics.listed(step.topics))
            after = self._after(step, text) if wording.fill(text) else ""
            self._known[key] = wording.message(text, after, self.platform)
        return self._known[key]

    def _after(self, step: Step, text: str) -> str:
        """What the text does not say by itself."""
        age = self.wording.age_after(text) if step.outcome is Outcome.JOINED else ""
        topics = "" if self.wording.names_topics(text) else self.topics.sentence(step)
        return "\n\n".join(filter(None, (age, topics)))

    def proof(self, step: Step, text: str) -> Proves | None:
        """What ``text`` proves once it is sent; None where nothing new was said."""
        if step.key is None:
            return None
        shown = zip((Policy.Kind.PRIVACY, Policy.Kind.RULES), self.wording.carries(text), strict=True)
        ids = [policy.pk if carried and (policy := self.in_force.get(kind)) else 0 for kind, carried in shown]
        return Proves(step.consent_id, step.key, *ids)
