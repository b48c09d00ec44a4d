# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Numeri che non ricevono: the rule, people who are near to leaving or left by it, and the way back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from arengo.audience import consent_pages, people
from arengo.audience.attention import Point
from arengo.audience.consent_pages import ConsentPage
from arengo.audience.models import Consent, Contact, Identity
from arengo.audience.reasons import BY_RULE
from arengo.audience.unreached import verbs
from arengo.audience.unreached.models import Checked, Miss, UnreachedRule
from arengo.core import audit, outside
from arengo.core.access import FORM, WRITE, membership_of, organization_of, person_of, staff
from arengo.core.console.confirming import Question, asks
from arengo.core.form_fields import CountField
from arengo.core.models import Role
from arengo.core.screens import Screen, render_screen

_NEAR = 20  # people on the page who are near to leaving


@dataclass(frozen=True)
class Near:
    """Somebody whom the last mailings did not reach."""

    contact_id: int
    name: str
    phone: str
    miss: Miss


@dataclass(frozen=True)
class NumbersPage(Screen):
    """``missed``: how many were not reached by the last mailing or more; ``near``: the nearest to leaving of them.

    ``restorable``: consents of ``ceased`` after which nothing was said.
    """

    rule: UnreachedRule
    most_a_day: int
    missed: int
    near: Sequence[Near]
    ceased: ConsentPage
    restorable: Collection[int]
    passed_over: Sequence[Checked]
    may_put_back: bool
    may_decide: bool


@staff(Role.EDITOR, Role.AUDITOR)
def numbers(request: HttpRequest) -> HttpResponse:
    membership = membership_of(request)
    gone = Consent.objects.filter(action=Consent.Action.WITHDRAWN, effective=True, reason__in=BY_RULE)
    misses = Miss.objects.select_related("identity__contact").order_by("-times", "-pk")
    ceased = consent_pages.page_of(gone, outside.text(request.GET.get("prima"), most=40))
    page = NumbersPage(
        rule=verbs.rule(),
        most_a_day=verbs.ceiling(),
        missed=Miss.objects.count(),
        near=[
            Near(
                miss.identity.contact_id,
                people.display_name(miss.identity),
                people.masked_phone(miss.identity),
                miss,
            )
            for miss in misses[:_NEAR]
        ],
        ceased=ceased,
        restorable=verbs.restorable([line.consent for line in ceased.lines]),
        passed_over=list(Checked.objects.filter(counts=False).order_by("-mailed_at")[:3]),
        may_put_back=membership is not None and membership.has(Role.EDITOR),
        may_decide=membership is not None and membership.has(Role.ADMINISTRATOR),
    )
    return render_screen(request, "audience_unreached/numbers.html", page)


class RuleForm(forms.Form):
    invalid_after = CountField(
        label=gettext_lazy("Esce quando il numero non c’è più, dopo quanti invii di seguito"),
        least=0,
        most=verbs.MOST_TIMES,
        help_text=gettext_lazy("In giorni diversi. 0: non esce mai da solo."),
    )
    unreached_after = CountField(
        label=gettext_lazy("Esce quando nessun invio arriva, dopo quanti invii di seguito"),
        least=0,
        most=verbs.MOST_TIMES,
        help_text=gettext_lazy("E dopo almeno 30 giorni: un telefono può restare spento. 0: non esce mai."),
    )


@dataclass(frozen=True)
class RulePage(Screen):
    form: RuleForm


@staff(Role.ADMINISTRATOR, methods=FORM)
def rule(request: HttpRequest) -> HttpResponse:
    own = verbs.rule()
    initial = {"invalid_after": own.invalid_after, "unreached_after": own.unreached_after}
    form = RuleForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            own, _new = UnreachedRule.objects.update_or_create(defaults=form.cleaned_data)
            audit.record(
                "audience.changed_unreached_rule",
                organization=organization_of(request),
                by=person_of(request),
                on=own,
                detail={"invalid_after": own.invalid_after, "unreached_after": own.unreached_after},
            )
        messages.success(request, _("Regola salvata: vale dal prossimo invio."))
        return redirect("audience:unreached")
    page = RulePage(form)
    return render_screen(request, "audience_unreached/rule.html", page, status=422 if form.errors else 200)


@dataclass(frozen=True)
class Letting(Question):
    kept_back: int


def _letting(request: HttpRequest) -> Letting:
    return Letting(reverse("audience:unreached"), "", verbs.rule().kept_back)


@staff(Role.ADMINISTRATOR, methods=FORM)
@asks("audience_unreached/let_go_question.html", _letting)
def let_go(request: HttpRequest) -> HttpResponse:
    own = verbs.rule()
    left = verbs.let_go(own, by=person_of(request)) if own.pk else 0
    words = ngettext(
        "%(count)d numero è uscito dalla lista.", "%(count)d numeri sono usciti dalla lista.", left
    )
    messages.success(request, words % {"count": left})
    return redirect("audience:unreached")


@staff(Role.ADMINISTRATOR, methods=WRITE)
def keep(request: HttpRequest) -> HttpResponse:
    own = verbs.rule()
    kept = verbs.stay(own, by=person_of(request)) if own.pk else 0
    words = ngettext(
        "%(count)d numero resta nella lista: si conta da capo.",
        "%(count)d numeri restano nella lista: si conta da capo.",
        kept,
    )
    messages.success(request, words % {"count": kept})
    return redirect("audience:unreached")


@staff(Role.EDITOR, methods=WRITE)
def put_back(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Consent.objects, pk=pk)
    try:
        person = verbs.put_back(row, by=person_of(request))
    except verbs.NotNow as refused:
        messages.error(request, str(refused))
        return redirect("audience:unreached")
    messages.success(
        request, _("Di nuovo nella lista, come prima: stessi temi, stesso giorno di iscrizione.")
    )
    return redirect("audience:citizen", pk=person.contact_id)


@dataclass(frozen=True)
class PutBackPanel(Screen):
    consents: Sequence[Consent]


def panel(request: HttpRequest, contact: Contact) -> PutBackPanel | None:
    """On the card of somebody who left by the rule and said nothing since."""
    membership = membership_of(request)
    if membership is None or not membership.has(Role.EDITOR):
        return None
    gone = Identity.objects.filter(contact=contact, subscription__active=False).order_by("pk")
    words = [verbs.latest_word(person) for person in gone]
    found = [word for word in words if word is not None and word.reason in BY_RULE]
    return PutBackPanel(found) if found else None


def point() -> Point | None:
    """For the overview of the list."""
    own, missed = verbs.rule(), Miss.objects.count()
    if not missed:
        return None
    words = ngettext(
        "%(count)d numero non riceve gli ultimi invii",
        "%(count)d numeri non ricevono gli ultimi invii",
        missed,
    )
    text = (
        _("Sono troppi per uscire da soli: decide un amministratore.")
        if own.kept_back
        else _("Dopo alcuni invii escono da soli; si può tornare indietro.")
    )
    return Point("warning", words % {"count": missed}, text, reverse("audience:unreached"))
