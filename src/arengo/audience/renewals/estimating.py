# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Before anybody is asked: how many people, what it costs, and what stands in the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from arengo.audience.models import Policy, Subscription
from arengo.audience.recipients import Purpose, Recipients
from arengo.audience.renewals import template
from arengo.audience.renewals.models import Asking, Renewal, RenewalMailing
from arengo.core.clean_text import isolated
from arengo.core.models import Organization
from arengo.delivery.models import MessageTemplate, Sender, Urgency
from arengo.delivery.prices import pricing
from arengo.delivery.prices.pricing import Cost
from arengo.delivery.spending import budgets
from arengo.delivery.templates.fitting import Unfit

_PLAIN = "message"  # as prices are looked up where there is no template


@dataclass(frozen=True)
class Through:
    """One number: whom it reaches. ``cost`` None: no price is set. ``obstacle``: why it cannot ask, in words."""

    sender: Sender
    people: int
    cost: Cost | None
    obstacle: str


@dataclass(frozen=True)
class Estimate:
    """``too_dear``: why the month's budget stops it, in words; "" where it does not."""

    through: Sequence[Through]
    too_dear: str = ""

    @property
    def people(self) -> int:
        return sum(one.people for one in self.through)

    @property
    def obstacles(self) -> Sequence[str]:
        return [words for words in (*(one.obstacle for one in self.through), self.too_dear) if words]

    @property
    def cost(self) -> str:
        """«€ 354,12», of several currencies each; "" where a price is not set."""
        costs = [one.cost for one in self.through if one.people]
        if not costs or any(cost is None for cost in costs):
            return ""
        sums: dict[str, Decimal] = {}
        for cost in filter(None, costs):
            sums[cost.currency] = sums.get(cost.currency, Decimal(0)) + cost.amount
        return " + ".join(pricing.money(amount, currency) for currency, amount in sums.items())


def meant(sender: Sender) -> Recipients:
    """Everybody on the list of that number, whatever they chose, also who wants no news: it is about their own data."""
    return Recipients(sender=sender.pk, purpose=Purpose.ALERT)


def estimate(organization: Organization, policy: Policy, then: str) -> Estimate:
    """Subscribers of after that version was published know it; those who accepted it before are not asked again."""
    found = []
    for sender in Sender.objects.order_by("pk"):
        listed = meant(sender).count()
        if not listed:
            continue
        newer = Subscription.objects.filter(active=True, sender_id=sender.pk, since__gte=policy.published_at)
        # Their ids first: along the index of mailings, whatever PostgreSQL makes of the join.
        mailings = list(
            RenewalMailing.objects.filter(renewal__policy=policy, sender=sender).values_list("pk", flat=True)
        )
        accepted = Asking.objects.filter(mailing__in=mailings, state=Asking.State.ACCEPTED).count()
        people = max(0, listed - newer.count() - accepted)
        carrier = template.carrier(sender, then)
        category = _category(carrier, then)
        found.append(
            Through(
                sender,
                people,
                pricing.estimate(organization, sender, category, people),
                _obstacle(sender, carrier),
            )
        )
    costs = [one.cost for one in found if one.people]
    verdict = budgets.weigh(organization, Urgency.NEWS, costs) if costs else None
    return Estimate(found, verdict.words if verdict is not None and verdict.stops else "")


def _category(carrier: MessageTemplate | Unfit | None, then: str) -> str:
    """As prices are looked up: the platform's own once it has the template."""
    if carrier is None:
        return _PLAIN
    asked = template.PRESETS[then].category.value
    return (asked if isinstance(carrier, Unfit) else carrier.category).lower()


def _obstacle(sender: Sender, carrier: MessageTemplate | Unfit | None) -> str:
    if sender.state != Sender.State.ACTIVE:
        return _("Il mittente «%(name)s» è fermo: %(platform)s non accetta i suoi messaggi.") % {
            "name": isolated(sender.name),
            "platform": sender.words.name,
        }
    return str(carrier.words) if isinstance(carrier, Unfit) else ""


def standing() -> Sequence[str]:
    """What would stand in the way of asking now, whatever becomes of who does not answer: for who is about to publish."""
    found = [
        _obstacle(sender, template.carrier(sender, then))
        for sender in Sender.objects.order_by("pk")
        for then in Renewal.Then.values
    ]
    return list(dict.fromkeys(filter(None, found)))
