# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""On the page: on the list or not, with one press for the contrary."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from arengo.audience import consent, standing
from arengo.audience.models import Consent
from arengo.audience.personal import sections
from arengo.audience.personal.sections import Done, Section, Visit
from arengo.core import outside
from arengo.core.screens import Screen


@dataclass(frozen=True)
class ListPart(Screen):
    """``since``: of who is on the list, or since when they are not; None: they never were."""

    active: bool
    since: datetime | None
    platform: str


def _make(visit: Visit) -> ListPart:
    subscription = standing.subscription_of(visit.identity)
    if subscription is None:
        return ListPart(False, None, visit.identity.words.name)
    since = subscription.since if subscription.active else subscription.ended_at
    return ListPart(subscription.active, since, subscription.identity.words.name)


def _handle(visit: Visit) -> Done:
    """The press is the word, as a message would be; which policy was in force is kept with it."""
    joins = outside.text(visit.request.POST.get("what"), most=10) == "join"
    subscription = standing.subscription_of(visit.identity)
    sender_id = subscription.sender_id if subscription and not joins else visit.sender_id
    text = _("Iscrivimi") if joins else _("Non voglio più ricevere gli avvisi")
    words = consent.Words(
        visit.identity,
        Consent.Action.GIVEN if joins else Consent.Action.WITHDRAWN,
        timezone.now(),
        Consent.Source.PAGE,
        text=text,
        sender_id=sender_id,
    )
    consent.say([words])
    return Done(_("Ora ricevi gli avvisi.") if joins else _("Non ricevi più gli avvisi."))


def register() -> None:
    sections.register(Section("list", "audience_personal/on_list.html", 10, _make, _handle))
