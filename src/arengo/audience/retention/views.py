# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Conservazione: what is kept for how long, what went and what goes, and whose data are held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from arengo.audience import people
from arengo.audience.models import Contact
from arengo.audience.retention import holding, shown, verbs, words
from arengo.audience.retention.forms import HoldForm
from arengo.audience.retention.models import Hold
from arengo.audience.retention.shown import Amount, Fixed, Nightly, Row
from arengo.audience.rights.models import Right, RightsRequest
from arengo.core import outside
from arengo.core.access import FORM, WRITE, membership_of, organization_of, person_of, staff
from arengo.core.console import retention
from arengo.core.console.retention import RetentionRule
from arengo.core.models import Role
from arengo.core.retention import nights, periods
from arengo.core.screens import Screen, render_screen
from arengo.core.time_words import named_day

_MOST_HOLDS = 100  # on the page, the newest first
_LONGEST_PERIOD = 36_500  # days


@dataclass(frozen=True)
class HoldRow:
    """``asked``: they asked to be erased, and it waits for this."""

    hold: Hold
    name: str
    asked: bool


@dataclass(frozen=True)
class Choice:
    days: int
    words: str
    chosen: bool


@dataclass(frozen=True)
class Changing:
    """A period that is about to be chosen. ``shorter``: it starts at ``begins``, and ``more`` would go by it; "same" changes nothing."""

    rule: Row
    choices: Sequence[Choice]
    days: int
    words: str
    shorter: bool
    same: bool
    more: Amount | None
    begins: datetime
    refused: str


@dataclass(frozen=True)
class RetentionPage(Screen):
    """``holds``: those that stand, the newest first; ``many``: there are more."""

    rows: Sequence[Row]
    fixed: Sequence[Fixed]
    night: Nightly
    holds: Sequence[HoldRow]
    hold_count: int
    many: bool
    changing: Changing | None
    may_edit: bool


def _may_edit(request: HttpRequest) -> bool:
    membership = membership_of(request)
    return membership is not None and membership.has(Role.ADMINISTRATOR)


def _chosen(name: object) -> RetentionRule:
    """404 for what is no rule, or one whose time nobody chooses."""
    found = next((one for one in retention.kept() if one.name == name), None)
    if found is None or found.bounds is None:
        raise Http404
    return found


@staff(Role.ADMINISTRATOR, Role.AUDITOR)
def page(request: HttpRequest) -> HttpResponse:
    """``rule``, ``days``: what somebody is about to choose."""
    asked = outside.text(request.GET.get("rule"), most=60)
    rule = _chosen(asked) if asked and _may_edit(request) else None
    return _shown(request, rule, outside.whole(request.GET.get("days"), least=1, most=_LONGEST_PERIOD))


@staff(Role.ADMINISTRATOR, methods=WRITE)
def change(request: HttpRequest, name: str) -> HttpResponse:
    rule = _chosen(name)
    days = outside.whole(request.POST.get("days"), least=1, most=_LONGEST_PERIOD)
    organization, by = organization_of(request), person_of(request)
    before = periods.of(rule).days
    try:
        if days is None:
            raise periods.NotPossible(_("Scegli per quanto si tiene."))
        now = periods.change(rule, days, organization=organization, by=by)
    except periods.NotPossible as refused:
        return _shown(request, rule, days, refused=str(refused), status=422)
    if now.next_days and now.next_from:
        day = named_day(timezone.localtime(now.next_from), "l j F")
        text = _("Da %(day)s si tiene %(period)s: fino ad allora puoi ripensarci.")
        messages.success(request, text % {"day": day, "period": words.period(now.next_days)})
    elif now.days > before:
        messages.success(request, _("Da subito si tiene %(period)s.") % {"period": words.period(now.days)})
    else:
        messages.success(request, _("Resta %(period)s.") % {"period": words.period(now.days)})
    return redirect("audience:retention")


@staff(Role.ADMINISTRATOR, methods=WRITE)
def take_back(request: HttpRequest, name: str) -> HttpResponse:
    rule = _chosen(name)
    periods.take_back(rule, organization=organization_of(request), by=person_of(request))
    text = _("Resta %(period)s.") % {"period": words.period(periods.of(rule).days)}
    messages.success(request, text)
    return redirect("audience:retention")


def _shown(
    request: HttpRequest,
    rule: RetentionRule | None,
    days: int | None,
    *,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    late = {name for _organization, name in nights.late()}
    rows = shown.rows(late=late)
    open_holds = Hold.objects.filter(ended_at=None).select_related("contact", "by").order_by("-pk")
    held = [one for one in open_holds[: _MOST_HOLDS + 1] if not holding.is_over(one)]
    screen = RetentionPage(
        rows=rows,
        fixed=shown.fixed(),
        night=shown.nightly(rows, is_late=bool(late)),
        holds=_hold_rows(held[:_MOST_HOLDS]),
        hold_count=open_holds.count(),
        many=len(held) > _MOST_HOLDS,
        changing=_changing(rule, rows, days, refused) if rule else None,
        may_edit=_may_edit(request),
    )
    return render_screen(request, "audience_retention/page.html", screen, status=status)


def _hold_rows(found: Sequence[Hold]) -> list[HoldRow]:
    waiting = RightsRequest.objects.filter(
        contact__in=[one.contact_id for one in found], right=Right.ERASE, state=RightsRequest.State.OPEN
    )
    asked = set(waiting.values_list("contact_id", flat=True))
    return [HoldRow(one, people.name_of(one.contact), one.contact_id in asked) for one in found]


def _changing(rule: RetentionRule, rows: Sequence[Row], days: int | None, refused: str) -> Changing:
    row = next(each for each in rows if each.name == rule.name)
    most = periods.longest(rule)
    least = min(rule.bounds.least if rule.bounds else most, most)
    days = row.period.days if days is None else max(least, min(days, most))
    offered = words.choices(least, most, row.period.days, days)
    shorter = days < row.period.days
    return Changing(
        row,
        [Choice(each, words.period(each), each == days) for each in offered],
        days=days,
        words=words.period(days),
        shorter=shorter,
        same=days == row.period.days,
        more=shown.more_by(rule, days) if shorter else None,
        begins=timezone.now() + periods.NOTICE,
        refused=refused,
    )


@dataclass(frozen=True)
class HoldPage(Screen):
    contact: Contact
    name: str
    form: HoldForm


@staff(Role.ADMINISTRATOR, methods=FORM)
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    contact = get_object_or_404(Contact.objects, pk=pk, erased_at=None)
    form = HoldForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                verbs.place(contact, given["reason"], given["until"], by=person_of(request))
            except verbs.NotHeld as why:
                form.add_error(None, str(why))
            else:
                messages.success(
                    request, _("Bloccato: finché dura, niente di questa persona si cancella da solo.")
                )
                return redirect("audience:citizen", pk=pk)
    screen = HoldPage(contact, people.name_of(contact), form)
    return render_screen(request, "audience_retention/hold.html", screen, status=status)


@staff(Role.ADMINISTRATOR, methods=WRITE)
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """``to=card``: back to the person's card."""
    found = get_object_or_404(Hold.objects.select_related("contact"), pk=pk)
    verbs.release(found, by=person_of(request))
    waits = RightsRequest.objects.filter(
        contact=found.contact_id, right=Right.ERASE, state=RightsRequest.State.OPEN
    )
    if holding.standing(found.contact_id):
        messages.success(request, _("Blocco tolto. Un altro blocco di questa persona resta."))
    elif waits.exists():
        messages.warning(
            request,
            _(
                "Blocco tolto. Questa persona ha chiesto di essere cancellata: ora si può fare, da «Richieste»."
            ),
        )
    else:
        messages.success(request, _("Blocco tolto: ciò che è scaduto si cancella la prossima notte."))
    if outside.text(request.POST.get("to"), most=10) == "card" and found.contact.erased_at is None:
        return redirect(reverse("audience:citizen", args=[found.contact_id]))
    return redirect("audience:retention")
