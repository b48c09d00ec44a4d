# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""To how many it goes, what it costs, how long it takes, and what stands in the way."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from arengo.audience import subscribers
from arengo.core.models import Organization
from arengo.delivery import prices, tier
from arengo.delivery.models import MessageTemplate, Sender
from arengo.newsroom.carrying import Plain, carrier
from arengo.newsroom.checking import Problem, body_problem, problems
from arengo.newsroom.drafts import Draft
from arengo.newsroom.models import Outlet, Update
from arengo.newsroom.preview import Phone, preview
from arengo.newsroom.templates import CATEGORY, Unfit
from arengo.platforms.contract import Capabilities
from arengo.platforms.registry import platform


@dataclass(frozen=True)
class Estimate:
    """``cost`` None: no price is set for today, so nobody may say what it costs.

    ``outlook`` None: the platform sets no daily limit that we know of. ``duration`` is of what leaves today.
    ``spared``: subscribers who told the platform to stop news, and are not among the recipients.
    """

    recipients: int
    cost: prices.Cost | None
    duration: timedelta
    outlook: tier.Outlook | None = None
    spared: int = 0


@dataclass(frozen=True)
class Obstacle:
    """Why the list cannot be reached now. ``mend``: sender, templates, subscribers or wait."""

    words: str
    mend: str


@dataclass(frozen=True)
class Readiness:
    """Everything that the editor's right side and the question before sending say."""

    draft: Draft
    sender: Sender | None
    phone: Phone
    problems: list[Problem]
    obstacle: Obstacle | None
    template: MessageTemplate | Plain | None
    estimate: Estimate | None  # None when the list is not among the outlets, or has no sender

    @property
    def wants_list(self) -> bool:
        return Outlet.LIST in self.draft.outlets

    @property
    def wants_channel(self) -> bool:
        return Outlet.CHANNEL in self.draft.outlets

    @property
    def is_final(self) -> bool:
        """What has arrived can be neither changed nor taken back: on the platform that it goes to."""
        can = platform(self.sender.platform).can if self.sender else Capabilities()
        return not (can.edits or can.deletes)

    @property
    def may_go(self) -> bool:
        return not self.problems and self.obstacle is None

    @property
    def missing(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.missing]

    @property
    def wrong(self) -> list[Problem]:
        return [problem for problem in self.problems if not problem.missing]


def senders() -> list[Sender]:
    """Through which the list is reached: the working ones first."""
    return sorted(Sender.objects.all(), key=lambda sender: (sender.state != Sender.State.ACTIVE, sender.pk))


def sender_of(draft: Draft) -> Sender | None:
    """The chosen one; where nobody chose, the first."""
    known = senders()
    chosen = next((sender for sender in known if sender.pk == draft.sender_id), None)
    return chosen or (known[0] if known else None)


def readiness(draft: Draft, organization: Organization) -> Readiness:
    sender = sender_of(draft)
    phone = preview(draft, organization, sender)
    found = problems(draft)
    obstacle: Obstacle | None = None
    template: MessageTemplate | Plain | None = None
    estimated: Estimate | None = None
    if Outlet.LIST in draft.outlets:
        too_long = body_problem(phone.used, phone.limit, phone.platform)
        found += [too_long] if too_long else []
        fit = carrier(draft, sender) if sender else None
        template = None if isinstance(fit, Unfit) else fit
        estimated = estimate(organization, sender, template, Update.Kind(draft.kind)) if sender else None
        obstacle = _obstacle(sender, fit, estimated)
    return Readiness(draft, sender, phone, found, obstacle, template, estimated)


def estimate(
    organization: Organization,
    sender: Sender,
    template: MessageTemplate | Plain | None,
    kind: Update.Kind = Update.Kind.NEWS,
) -> Estimate:
    marketing = kind.urgency.is_marketing
    recipients = subscribers.subscriber_count(sender, marketing=marketing)
    category = (template.category if template else CATEGORY).lower()
    outlook = tier.outlook(
        sender,
        recipients,
        lambda hashes: subscribers.subscriber_count(sender, marketing=marketing, among=hashes),
    )
    today = outlook.today if outlook else recipients
    return Estimate(
        recipients=recipients,
        cost=prices.estimate(organization, sender, category, recipients),
        duration=timedelta(seconds=math.ceil(today / max(1, sender.rate))),
        outlook=outlook,
        spared=subscribers.stopped_count(sender) if marketing else 0,
    )


def _obstacle(
    sender: Sender | None, fit: MessageTemplate | Plain | Unfit | None, estimated: Estimate | None
) -> Obstacle | None:
    if sender is None:
        return Obstacle(_("Non c'è ancora un numero WhatsApp da cui scrivere alla lista."), "sender")
    if sender.state != Sender.State.ACTIVE:
        words = _("Il mittente «%(name)s» è fermo: %(platform)s non accetta i suoi messaggi.") % {
            "name": sender.name,
            "platform": sender.words.name,
        }
        return Obstacle(words, "sender")
    if estimated is not None and estimated.recipients == 0 and estimated.spared:
        return Obstacle(
            _("Tutti gli iscritti hanno fermato le notizie su %(platform)s: ricevono solo le allerte.")
            % {"platform": sender.words.name},
            "subscribers",
        )
    if estimated is not None and estimated.recipients == 0:
        return Obstacle(
            _(
                "Alla lista non è ancora iscritto nessuno. Ci si iscrive scrivendo al numero: fallo sapere con il sito e i manifesti."
            ),
            "subscribers",
        )
    if isinstance(fit, Unfit):
        return Obstacle(fit.words, "wait" if fit.waiting else "templates")
    return None
