# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Risposte automatiche: what Arengo may send by itself, each kind with its switch, its ceilings, and what it sent today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import ROUND_UP, Decimal

from django.contrib import messages
from django.db import transaction
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext

from arengo.core import automatic, governor
from arengo.core.access import FORM, organization_of
from arengo.core.automatic import Kind
from arengo.core.ceilings import AUTOMATIC_A_MINUTE, AUTOMATIC_AT_ONCE, Ceiling
from arengo.core.console.settings_access import record, setting, show
from arengo.core.models import AutomaticCount, Organization
from arengo.core.screens import Screen
from arengo.delivery.models.senders import written
from arengo.delivery.prices.pricing import price_on


@dataclass(frozen=True)
class Line:
    kind: Kind
    on: bool
    ceilings: list[str]
    sent: int
    withheld: int

    @property
    def words_at(self) -> str:
        return reverse(self.kind.settings)


@dataclass(frozen=True)
class AutomaticPage(Screen):
    """``at_once`` and ``a_minute``: ceilings of all kinds together. ``cost``: of what was sent today, "" if unknown."""

    lines: Sequence[Line]
    at_once: int
    a_minute: int
    waiting: int
    cost: str


@setting(methods=FORM)
def automatic_page(request: HttpRequest) -> HttpResponse:
    organization = organization_of(request)
    on = automatic.switched_on()
    if request.method == "POST":
        names = {kind.name for kind in automatic.kinds()}
        wanted = {name for name in names if name in request.POST.getlist("on")}
        changed = sorted(wanted ^ (on & names))
        with transaction.atomic():
            automatic.switch((name for name in changed if name in wanted), on=True)
            automatic.switch((name for name in changed if name not in wanted), on=False)
            if changed:
                record(request, "core.switched_automatic", changed=changed)
        messages.success(request, _("Salvato: vale da adesso."))
        return redirect("settings:automatic")
    lines = _lines(organization, on)
    lately = next(iter(governor.lately()), None)
    page = AutomaticPage(
        lines=lines,
        at_once=AUTOMATIC_AT_ONCE,
        a_minute=AUTOMATIC_A_MINUTE,
        waiting=lately.waiting if lately else 0,
        cost=_cost(sum(line.sent for line in lines)),
    )
    return show(request, "delivery/settings/automatic.html", page)


def _lines(organization: Organization, on: set[str]) -> list[Line]:
    midnight = datetime.combine(
        timezone.now().astimezone(organization.zone).date(), time(), tzinfo=organization.zone
    )
    counted = {
        row["kind"]: row
        for row in AutomaticCount.objects.filter(hour__gte=midnight)
        .values("kind")
        .annotate(sent_today=Sum("sent"), to_one=Sum("too_many_to_one"), in_all=Sum("too_many_in_all"))
    }
    nothing = {"sent_today": 0, "to_one": 0, "in_all": 0}
    return [
        Line(
            kind,
            kind.name in on,
            [_in_words(ceiling) for ceiling in kind.per_person],
            sent=row["sent_today"],
            withheld=row["to_one"] + row["in_all"],
        )
        for kind in automatic.kinds()
        for row in [counted.get(kind.name, nothing)]
    ]


def _in_words(ceiling: Ceiling) -> str:
    """«1 in 10 minuti», «2 in 24 ore»."""
    if ceiling.within >= timedelta(hours=1):
        hours = ceiling.within // timedelta(hours=1)
        return ngettext("%(times)d in %(hours)d ora", "%(times)d in %(hours)d ore", hours) % {
            "times": ceiling.times,
            "hours": hours,
        }
    minutes = ceiling.within // timedelta(minutes=1)
    return ngettext("%(times)d in %(minutes)d minuto", "%(times)d in %(minutes)d minuti", minutes) % {
        "times": ceiling.times,
        "minutes": minutes,
    }


def _cost(sent: int) -> str:
    """At the price of a reply, without the free ones: at most so much, to the cent. Empty where no price is set."""
    price = price_on("service", timezone.localdate())
    if price is None or not sent:
        return ""
    return written((price.amount * sent).quantize(Decimal("0.01"), ROUND_UP), price.currency)
