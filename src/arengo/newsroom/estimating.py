# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A draft before it is sent: what keeps it back, how it will look at each outlet, to how many and at what cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from arengo.core.models import Organization
from arengo.delivery.models import Sender
from arengo.newsroom import sending_checks, topics
from arengo.newsroom.checking import Problem
from arengo.newsroom.drafts import Draft
from arengo.newsroom.kinds.base import registry as kinds
from arengo.newsroom.outlets.base import registry
from arengo.newsroom.outlets.base.contract import Estimate, Obstacle, Plan
from arengo.newsroom.sending_checks import Objection

ESTIMATE = "estimate"  # in a placement's detail


@dataclass(frozen=True)
class Readiness:
    """Everything that the editor's right side and the question before sending say."""

    draft: Draft
    plans: Sequence[Plan]  # one for each chosen outlet
    problems: Sequence[Problem]
    objections: Sequence[Objection] = ()

    @property
    def may_go(self) -> bool:
        return not self.problems and self.obstacle is None and not self.is_stopped

    @property
    def is_stopped(self) -> bool:
        """By something that a capability has against it."""
        return any(objection.stops for objection in self.objections)

    @property
    def missing(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.missing]

    @property
    def wrong(self) -> list[Problem]:
        return [problem for problem in self.problems if not problem.missing]

    @property
    def obstacle(self) -> Obstacle | None:
        """The first of them."""
        return next((plan.obstacle for plan in self.plans if plan.obstacle), None)

    @property
    def sender(self) -> Sender | None:
        return next((plan.sender for plan in self.plans if plan.sender), None)

    @property
    def estimate(self) -> Estimate | None:
        """Of the outlet that reaches people one by one; None when none is chosen, or it has no sender."""
        return next((plan.estimated for plan in self.plans if plan.estimated), None)

    @property
    def recipients(self) -> int:
        """At all outlets that reach people one by one."""
        return sum(plan.estimated.recipients for plan in self.plans if plan.estimated)

    def kept_estimate(self, outlet: str) -> dict[str, object]:
        """For the detail of its placement: what was said before it went, to be compared with what it cost."""
        found = next((plan.estimated for plan in self.plans if plan.outlet.key == outlet), None)
        if found is None:
            return {}
        cost = found.cost
        amount = None if cost is None else {"amount": str(cost.amount), "currency": cost.currency}
        return {ESTIMATE: {"recipients": found.recipients, "cost": amount}}

    # --- what the pages that several outlets share say -----------------------------------------------------------

    @cached_property
    def counted(self) -> list[Plan]:
        """Of outlets that reach people one by one, and so have a price."""
        return [plan for plan in self.plans if plan.outlet.partials.cost]

    @property
    def open_to_all(self) -> list[Plan]:
        return [plan for plan in self.plans if not plan.outlet.partials.cost]

    @property
    def only(self) -> str:
        """«Solo sul canale pubblico», where nobody is reached by name."""
        return only_words([plan.outlet.key for plan in self.plans])

    @property
    def free(self) -> str:
        if len(self.plans) == 1 and self.plans[0].outlet.words.free:
            return str(self.plans[0].outlet.words.free)
        return _("Nulla: dove esce è gratis.")

    @property
    def where(self) -> str:
        """«Sul loro telefono e sul canale pubblico, dove lo legge chiunque.»"""
        places = [str(plan.outlet.words.where) for plan in self.plans]
        words = joined(places) if len(places) < 3 else _("%(several)s, e %(last)s") % _split(places)
        return f"{words[:1].upper()}{words[1:]}."

    @property
    def publishes(self) -> bool:
        """It goes to nobody by name: it is published, not sent."""
        return bool(self.plans) and not self.counted

    @property
    def press(self) -> str:
        """What stands on the button that sends."""
        if len(self.plans) == 1 and self.plans[0].outlet.words.press:
            return str(self.plans[0].outlet.words.press)
        if self.publishes:
            return _("Pubblica %(on)s") % {"on": joined([str(plan.outlet.words.on) for plan in self.plans])}
        return _("Invia %(to)s") % {"to": joined([plan.to for plan in self.plans])}

    @property
    def elsewhere(self) -> str:
        """Where it could go at once although one outlet has an obstacle: «sul canale»."""
        return joined([str(plan.outlet.words.on) for plan in self.plans if plan.obstacle is None])


def joined(words: Sequence[str]) -> str:
    """«uno», «uno e due», «uno, due e tre»."""
    if len(words) < 2:
        return "".join(words)
    return _("%(several)s e %(last)s") % _split(words)


def _split(words: Sequence[str]) -> dict[str, str]:
    return {"several": ", ".join(words[:-1]), "last": words[-1]}


def only_words(keys: Sequence[str]) -> str:
    """Where an update goes that reaches nobody by name: «Solo sul canale pubblico»; of several, all of them."""
    chosen = registry.chosen(keys)
    if len(chosen) == 1:
        return str(chosen[0].words.alone)
    names = joined([str(outlet.words.name) for outlet in chosen] + registry.missing(keys))
    return names and _("Solo su: %(outlets)s") % {"outlets": names}


def readiness(draft: Draft, organization: Organization, *, deciding: bool = False) -> Readiness:
    """``deciding``: in the transaction that sends it (``sending_checks``)."""
    found = [*problems(draft), *topics.gone(draft)]
    plans = plans_of(draft, organization)
    for plan in plans:
        found += plan.problems
    against = sending_checks.objections(sending_checks.Asked(draft, plans, organization, deciding))
    return Readiness(draft, plans, found, against)


def plans_of(draft: Draft, organization: Organization) -> list[Plan]:
    """One for each chosen outlet; none for a draft of a kind that is gone."""
    if kinds.find(draft.kind) is None:
        return []
    return [outlet.plan(draft, organization) for outlet in registry.chosen(draft.outlets)]


def problems(draft: Draft) -> list[Problem]:
    """What keeps it from going out anywhere: in the content, as its kind says, and in where it is to go."""
    kind = kinds.find(draft.kind)
    if kind is None:
        words = _("Arengo non ha più questo tipo di aggiornamento: «%(kind)s». Copia il testo in uno nuovo.")
        return [Problem("", words % {"kind": draft.kind})]
    found = [*kind.problems(draft)]
    if not draft.outlets:
        found.append(Problem("outlets", _("Scegli almeno un posto dove farlo uscire."), missing=True))
    return found + [
        Problem(
            "outlets",
            _(
                "Questa bozza doveva uscire anche su «%(outlet)s», che Arengo non ha più: guarda dove esce, e salvala di nuovo."
            )
            % {"outlet": key},
        )
        for key in registry.missing(draft.outlets)
    ]
