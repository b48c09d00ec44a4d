# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""«Che cosa riceve» on a citizen's card: in one sentence, in parts, and how it came to be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _, ngettext

from arengo.audience import frequencies, receiving
from arengo.audience.models import Contact, Identity, Subscription
from arengo.audience.naming import Named
from arengo.audience.receiving import Names, joined
from arengo.audience.topics.models import Choosing, Detail
from arengo.core.access import membership_of
from arengo.core.clean_text import isolated
from arengo.core.models import Role
from arengo.core.screens import Screen

MAY_CHANGE = (Role.EDITOR, Role.OPERATOR)
_MOST = 20  # changes that are shown


@dataclass(frozen=True)
class Received:
    """At one address. ``frequency``: "" where there is none to choose. ``lost``: all that they chose is no more."""

    identity: Identity
    sentence: str
    topics: Sequence[Named]
    quarters: Sequence[Named]
    frequency: str | Promise
    lost: bool


@dataclass(frozen=True)
class Line:
    """A change of their choice. ``what``: its sentences."""

    choosing: Choosing
    what: Sequence[str]


@dataclass(frozen=True)
class ReceivesPanel(Screen):
    """``has_quarters``: the organization has some to choose."""

    received: Sequence[Received]
    lines: Sequence[Line]
    may_change: bool
    has_quarters: bool


def receives(request: HttpRequest, contact: Contact) -> ReceivesPanel | None:
    """None for who never was on the list."""
    membership = membership_of(request)
    subscriptions = (
        Subscription.objects.filter(identity__contact=contact, active=True)
        .select_related("identity")
        .prefetch_related("topics", "quarters")
        .order_by("pk")
    )
    names = Names.read()
    found = [_received(one, names) for one in subscriptions]
    log = (
        Choosing.objects.filter(identity__contact=contact)
        .select_related("key", "by")
        .order_by("-at", "-pk")[:_MOST]
    )
    lines = [Line(one, sentences_of(one.detail)) for one in log]
    if not found and not lines:
        return None
    return ReceivesPanel(
        received=found,
        lines=lines,
        may_change=membership is not None and membership.has(*MAY_CHANGE),
        has_quarters=any(quarter.ended_at is None for quarter in names.quarters.values()),
    )


def _received(subscription: Subscription, names: Names) -> Received:
    chosen = receiving.of(subscription)
    topics = [topic for pk, topic in names.topics.items() if pk in chosen.topics]
    offered = frequencies.offered()
    frequency = frequencies.find(chosen.frequency)
    return Received(
        identity=subscription.identity,
        sentence=names.to_staff(chosen, subscription.identity.words.name),
        topics=topics,
        quarters=[quarter for pk, quarter in names.quarters.items() if pk in chosen.quarters],
        frequency=(frequency.label if frequency else _("solo le allerte"))
        if offered or chosen.frequency
        else "",
        lost=bool(topics) and all(topic.ended_at for topic in topics),
    )


def sentences_of(detail: Detail) -> list[str]:
    """«Ha aggiunto il tema Emergenze.»"""
    said = []
    if detail.all_topics:
        said.append(_("Riceve di nuovo tutti i temi."))
    else:
        if detail.added:
            words = ngettext(
                "Ha aggiunto il tema %(names)s.", "Ha aggiunto i temi %(names)s.", len(detail.added)
            )
            said.append(words % {"names": _names(detail.added)})
        if detail.removed:
            words = ngettext("Ha tolto il tema %(names)s.", "Ha tolto i temi %(names)s.", len(detail.removed))
            said.append(words % {"names": _names(detail.removed)})
    if detail.whole_town:
        said.append(_("Riceve di nuovo gli avvisi di tutta la città."))
    else:
        if detail.added_quarters:
            words = ngettext(
                "Ha scelto il quartiere %(names)s.",
                "Ha scelto i quartieri %(names)s.",
                len(detail.added_quarters),
            )
            said.append(words % {"names": _names(detail.added_quarters)})
        if detail.removed_quarters:
            words = ngettext(
                "Ha tolto il quartiere %(names)s.",
                "Ha tolto i quartieri %(names)s.",
                len(detail.removed_quarters),
            )
            said.append(words % {"names": _names(detail.removed_quarters)})
    if detail.before != detail.after:
        chosen = frequencies.find(detail.after)
        said.append(
            _("Quanto spesso: %(when)s.") % {"when": chosen.label if chosen else _("solo le allerte")}
        )
    return said


def _names(names: Sequence[str]) -> str:
    return joined([isolated(name) for name in names])
