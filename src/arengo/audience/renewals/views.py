# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Iscritti → Conferme: who is asked to accept a new version, how far that is, and what becomes of who does not answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from arengo.audience import basis_words, policies
from arengo.audience.attention import Point
from arengo.audience.basis import Basis
from arengo.audience.models import Contact, Policy
from arengo.audience.renewals import closing, counting, estimating, template, verbs
from arengo.audience.renewals.counting import Progress
from arengo.audience.renewals.estimating import Estimate
from arengo.audience.renewals.models import Asking, Renewal
from arengo.core import automatic
from arengo.core.access import FORM, WRITE, membership_of, organization_of, person_of, staff
from arengo.core.console.confirming import Question, asks
from arengo.core.form_fields import DayField
from arengo.core.models import Role
from arengo.core.screens import Screen, render_screen
from arengo.delivery.templates.presets import Words

_SHOWN = 20


def _administers(request: HttpRequest) -> bool:
    membership = membership_of(request)
    return membership is not None and membership.has(Role.ADMINISTRATOR)


@dataclass(frozen=True)
class Row:
    renewal: Renewal
    progress: Progress


@dataclass(frozen=True)
class RenewalsPage(Screen):
    """``askable``: versions in force of which nobody was asked yet."""

    rows: Sequence[Row]
    askable: Sequence[Policy]
    may_ask: bool


@staff(Role.EDITOR, Role.AUDITOR)
def renewals(request: HttpRequest) -> HttpResponse:
    found = list(Renewal.objects.select_related("policy", "by").order_by("-pk")[:_SHOWN])
    open_now = any(each.state in Renewal.OPEN for each in found)
    in_force = policies.in_force()
    askable = [] if open_now else [in_force[kind] for kind in Policy.Kind.values if kind in in_force]
    page = RenewalsPage(
        [Row(each, counting.progress(each)) for each in found], askable, _administers(request)
    )
    return render_screen(request, "audience_renewals/renewals.html", page)


class AskForm(forms.Form):
    last_day = DayField(label=gettext_lazy("Fino a quando si può rispondere"))
    then = forms.ChoiceField(
        label=gettext_lazy("Chi non risponde"), choices=Renewal.Then.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, days: tuple[date, date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.days = days
        field = self.fields["last_day"]
        field.help_text = _("Da %(least)d a %(most)d giorni da oggi.") % {
            "least": verbs.LEAST_DAYS,
            "most": verbs.MOST_DAYS,
        }
        field.widget.attrs |= {"min": days[0].isoformat(), "max": days[1].isoformat()}

    def clean_last_day(self) -> date:
        day: date = self.cleaned_data["last_day"]
        if not self.days[0] <= day <= self.days[1]:
            raise forms.ValidationError(verbs.out_of_time())
        return day


@dataclass(frozen=True)
class AskPage(Screen):
    """``estimates``: of both choices, since each has a template of its own. ``task``: the list rests on a public task."""

    policy: Policy
    form: AskForm
    stay: Estimate
    leave: Estimate
    question: Words
    task: bool
    answered: bool


@staff(Role.ADMINISTRATOR, methods=FORM)
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """``pk``: of the version. Says first how many people it is and what it costs; the button names them."""
    policy = get_object_or_404(Policy.objects, pk=pk)
    if policies.current(policy.kind) != policy:
        raise Http404
    organization = organization_of(request)
    days = verbs.last_days(organization)
    initial = {"last_day": days[0], "then": Renewal.Then.STAY}
    form = AskForm(request.POST if request.method == "POST" else None, initial=initial, days=days)
    if request.method == "POST" and form.is_valid():
        try:
            made = verbs.start(
                organization,
                policy,
                form.cleaned_data["last_day"],
                form.cleaned_data["then"],
                by=person_of(request),
            )
        except verbs.NotNow as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, _("Si comincia a chiedere: puoi chiudere la pagina, il lavoro va avanti da solo.")
            )
            return redirect("audience:renewal", made.pk)
    page = AskPage(
        policy,
        form,
        estimating.estimate(organization, policy, Renewal.Then.STAY),
        estimating.estimate(organization, policy, Renewal.Then.LEAVE),
        template.previewed(policy, organization, days[0])[Renewal.Then.STAY],
        basis_words.current() is Basis.TASK,
        "audience.accepted" in automatic.switched_on(),
    )
    return render_screen(request, "audience_renewals/ask.html", page, status=422 if form.errors else 200)


@dataclass(frozen=True)
class RenewalPage(Screen):
    renewal: Renewal
    progress: Progress
    texts: Sequence[str]
    may_decide: bool
    may_restore: bool
    restore_until: datetime | None


@staff(Role.EDITOR, Role.AUDITOR)
def renewal(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Renewal.objects.select_related("policy", "by", "restored_by"), pk=pk)
    administers = _administers(request)
    page = RenewalPage(
        found,
        counting.progress(found),
        list(dict.fromkeys(found.mailings.order_by("pk").values_list("text", flat=True))),
        administers,
        administers and verbs.may_restore(found),
        found.ended_at + verbs.RESTORABLE if found.ended_at else None,
    )
    return render_screen(request, "audience_renewals/renewal.html", page)


@dataclass(frozen=True)
class About(Question):
    renewal: Renewal


def _about(request: HttpRequest, pk: int) -> About:
    found = get_object_or_404(Renewal.objects.select_related("policy"), pk=pk)
    return About(reverse("audience:renewal", args=[pk]), "", found)


def _done(request: HttpRequest, pk: int, verb: Callable[..., object], words: str = "") -> HttpResponse:
    """``verb`` with this renewal; ``words``: what is said of it, "" where the page itself shows it."""
    get_object_or_404(Renewal.objects, pk=pk)
    try:
        verb(pk, by=person_of(request))
    except verbs.NotNow as refused:
        messages.error(request, str(refused))
    else:
        if words:
            messages.success(request, words)
    return redirect("audience:renewal", pk)


@staff(Role.ADMINISTRATOR, methods=FORM)
@asks("audience_renewals/stop_question.html", _about)
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    words = _("Fermata: nessun altro riceve la domanda, e chi non ha risposto resta.")
    return _done(request, pk, verbs.stop, words)


@staff(Role.ADMINISTRATOR, methods=WRITE)
def go_on(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, verbs.go_on)


@staff(Role.ADMINISTRATOR, methods=FORM)
@asks("audience_renewals/restore_question.html", _about)
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, pk, verbs.restore, _("Si torna indietro: il lavoro va avanti da solo."))


@staff(Role.EDITOR, methods=WRITE)
def put_back(request: HttpRequest, pk: int) -> HttpResponse:
    """``pk``: of one person's row."""
    found = get_object_or_404(Asking.objects.select_related("identity"), pk=pk)
    try:
        closing.put_back(pk, by=person_of(request))
    except verbs.NotNow as refused:
        messages.error(request, str(refused))
    else:
        messages.success(
            request, _("Di nuovo nella lista, come prima: stessi temi, stesso giorno di iscrizione.")
        )
    return redirect("audience:citizen", pk=found.identity.contact_id)


@dataclass(frozen=True)
class AskedOnce:
    asking: Asking
    restorable: bool


@dataclass(frozen=True)
class RenewalPanel(Screen):
    """``asked``: the newest first."""

    asked: Sequence[AskedOnce]


def panel(request: HttpRequest, contact: Contact) -> RenewalPanel | None:
    """On the card of somebody who was asked."""
    membership = membership_of(request)
    may = membership is not None and membership.has(Role.EDITOR)
    rows = (
        Asking.objects.filter(identity__contact=contact)
        .select_related("renewal__policy", "identity")
        .order_by("-pk")[:3]
    )
    found = [AskedOnce(row, may and closing.is_restorable(row)) for row in rows]
    return RenewalPanel(found) if found else None


def point() -> Point | None:
    """For the overview of the list: one that is open, or that people left by a short while ago."""
    found: Renewal | None = Renewal.objects.filter(state__in=Renewal.OPEN).select_related("policy").first()
    if found is None:
        return None
    told = counting.progress(found)
    words = ngettext(
        "Si è chiesto a %(count)s persona di accettare una nuova versione",
        "Si è chiesto a %(count)s persone di accettare una nuova versione",
        told.asked,
    )
    text = (
        _("Chi non risponde entro il termine esce dalla lista.")
        if found.then == Renewal.Then.LEAVE
        else _("Chi non risponde resta nella lista.")
    )
    return Point(
        "warning" if found.problem else "comment",
        words % {"count": number_format(told.asked, use_l10n=True, force_grouping=True)},
        found.problem or text,
        reverse("audience:renewal", args=[found.pk]),
    )
