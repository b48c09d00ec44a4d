# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""«I suoi diritti» on a citizen's card: what they may ask, what waits, and their page to be sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from arengo.audience import panels
from arengo.audience.models import Contact
from arengo.audience.panels import Panel
from arengo.audience.people import may_see_numbers
from arengo.audience.personal.links import VALID
from arengo.audience.rights import verbs
from arengo.audience.rights.models import RightsRequest
from arengo.core.access import membership_of
from arengo.core.models import Role
from arengo.core.screens import Screen

_MOST = 5  # of those that are done


@dataclass(frozen=True)
class RightsPanel(Screen):
    """``may_do``: meet a request; ``may_record``: write one down, send the page. ``objected_at``: of an objection that stands."""

    contact: Contact
    may_do: bool
    may_record: bool
    waiting: Sequence[RightsRequest]
    done: Sequence[RightsRequest]
    objected_at: datetime | None
    minutes: int


def _make(request: HttpRequest, contact: Contact) -> RightsPanel:
    membership = membership_of(request)
    theirs = RightsRequest.objects.filter(contact=contact).select_related("ended_by", "key")
    objection = verbs.objected(contact)
    return RightsPanel(
        contact,
        may_do=membership is not None and membership.has(Role.ADMINISTRATOR),
        may_record=may_see_numbers(membership),
        waiting=list(theirs.filter(state=RightsRequest.State.OPEN).order_by("due_on", "pk")),
        done=list(theirs.exclude(state=RightsRequest.State.OPEN).order_by("-ended_at", "-pk")[:_MOST]),
        objected_at=objection.at if objection else None,
        minutes=VALID.seconds // 60,
    )


def register() -> None:
    panels.register(Panel("audience_rights/panel.html", 10, _make, aside=True))
