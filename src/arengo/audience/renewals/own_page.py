# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""On a citizen's own page: the question, as long as it is open, with one press for yes and one for no."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from arengo.audience import consent
from arengo.audience.consent import Outcome, Words
from arengo.audience.models import Consent, Subscription
from arengo.audience.personal import sections
from arengo.audience.personal.sections import Done, Refused, Section, Visit
from arengo.audience.renewals import hearing
from arengo.audience.renewals.hearing import Shown
from arengo.audience.renewals.models import Asking, Renewal
from arengo.core import outside
from arengo.core.screens import Screen


@dataclass(frozen=True)
class RenewalPart(Screen):
    """``leaves``: who does not answer by ``until`` leaves the list."""

    question: str
    until: datetime
    leaves: bool
    asking: int
    is_privacy: bool


def _open(visit: Visit) -> Asking | None:
    """What they are asked now and have not answered, if they are on the list."""
    asking = hearing.newest([visit.identity.pk]).get(visit.identity.pk)
    if asking is None or asking.state not in Asking.OPEN or asking.renewal.state not in Renewal.OPEN:
        return None
    return asking if Subscription.objects.filter(identity=visit.identity, active=True).exists() else None


def _question(asking: Asking) -> str:
    policy = asking.renewal.policy
    return _("%(kind)s, versione %(version)d: %(summary)s") % {
        "kind": policy.get_kind_display(),
        "version": policy.version,
        "summary": policy.summary,
    }


def _make(visit: Visit) -> RenewalPart | None:
    asking = _open(visit)
    if asking is None:
        return None
    renewal = asking.renewal
    return RenewalPart(
        _question(asking),
        renewal.until,
        renewal.then == Renewal.Then.LEAVE,
        asking.pk,
        renewal.policy.kind == "privacy",
    )


def _handle(visit: Visit) -> Done:
    """The press is the word, as a message would be. It is about the question that the page showed, not a newer one."""
    asking = _open(visit)
    asked = outside.whole(visit.request.POST.get("asking"), least=1)
    if asking is None or asked != asking.pk:
        raise Refused(_("Questa domanda non è più aperta: guarda qui sotto come stanno le cose adesso."))
    now = timezone.now()
    accepts = outside.text(visit.request.POST.get("what"), most=10) != "no"
    words = Words(
        visit.identity,
        Consent.Action.CONFIRMED if accepts else Consent.Action.WITHDRAWN,
        now,
        Consent.Source.PAGE,
        text=_("Accetto") if accepts else _("Non accetto, non voglio più ricevere gli avvisi"),
        sender_id=visit.sender_id,
    )
    if not accepts:
        consent.say([words])
        return Done(_("Non ricevi più gli avvisi."))
    shown = Shown(_question(asking), 0, now - timedelta(microseconds=1))
    [step] = hearing.accept([(words, asking, shown)])
    if step.outcome is not Outcome.CONFIRMED:
        raise Refused(_("Non sei più fra gli iscritti."))
    return Done(_("Grazie: hai accettato la nuova versione e continui a ricevere gli avvisi."))


def register() -> None:
    sections.register(Section("renewal", "audience_renewals/own_page.html", 5, _make, _handle))
