# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Spesa."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from arengo.core import csv_text, outside
from arengo.core.access import FORM, WRITE, membership_of, organization_of, person_of, staff
from arengo.core.console.confirming import Question, asks
from arengo.core.screens import Screen, render_screen
from arengo.delivery.models import Budget, Price, Sender
from arengo.delivery.prices import pricing
from arengo.delivery.prices.price_views import CATEGORIES
from arengo.delivery.spending import budgets
from arengo.delivery.spending.allowance import Allowance, allowances
from arengo.delivery.spending.figures import Prices, Spent, month_before, months, next_month, this_month
from arengo.newsroom.spending import figures, verbs
from arengo.newsroom.spending.figures import Digests, Line
from arengo.newsroom.spending.forms import BudgetForm
from arengo.newsroom.spending.roles import DECIDERS, LOOKERS

_MONTHS = 6
_WIDTH = 1000  # of the bars


@dataclass(frozen=True)
class MonthBar:
    """``width`` is text already. ``over``: what it cost beyond today's budget, in words."""

    first: date
    words: str
    width: str
    over: str


@dataclass(frozen=True)
class BudgetBar:
    """Of the budget: what is spent, and what is decided as well; widths are text already."""

    spent: str
    committed: str
    left: str
    is_over: bool
    spent_width: str
    committed_x: str
    committed_width: str


@dataclass(frozen=True)
class Free:
    """``costs``: what each message beyond it costs, "" where no price is set. ``width`` is text already."""

    allowance: Allowance
    costs: str
    width: str
    several: bool


@dataclass(frozen=True)
class InUse:
    label: str | Promise
    price: str
    since: date
    source: str


@dataclass(frozen=True)
class SpendingPage(Screen):
    """``first``: the month's first day; ``before`` and ``after`` its neighbours, as addresses say them, "" where there is none."""

    first: date
    before: str
    after: str
    whole: Spent
    lines: Sequence[Line]
    singles: Sequence[tuple[str, Spent]]
    digests: Digests | None
    months: Sequence[MonthBar]
    budget: Budget | None
    budget_bar: BudgetBar | None
    free: Sequence[Free]
    in_use: Sequence[InUse]
    form: BudgetForm | None
    is_now: bool


@staff(*LOOKERS)
def spending(request: HttpRequest) -> HttpResponse:
    return render_screen(request, "newsroom/spending/page.html", _page(request, _form(request)))


def _page(request: HttpRequest, form: BudgetForm | None) -> SpendingPage:
    organization = organization_of(request)
    latest = this_month(organization)
    first = figures.asked_month(outside.text(request.GET.get("mese"), most=7), latest)
    shown = months(first, _MONTHS)
    standing = budgets.standing(organization, first)
    currency = standing.budget.currency if standing else _currency()
    return SpendingPage(
        first=first,
        before=f"{month_before(first):%Y-%m}",
        after=f"{next_month(first):%Y-%m}" if first < latest else "",
        whole=shown[0].whole,
        lines=figures.lines(shown[0]),
        singles=figures.singles(shown[0], {key: str(label) for key, label in CATEGORIES}),
        digests=figures.with_digests(shown[0], currency),
        months=_bars([(one.first, one.whole) for one in shown], standing, currency),
        budget=standing.budget if standing else None,
        budget_bar=_budget_bar(standing) if standing else None,
        free=_free() if first == latest else [],
        in_use=_in_use(pricing.today(organization)),
        form=form,
        is_now=first == latest,
    )


def _currency() -> str:
    """Of the newest price: what the organization pays in."""
    newest = Price.objects.order_by("-valid_from", "-pk").first()
    return newest.currency if newest else "EUR"


def _bars(
    shown: Sequence[tuple[date, Spent]], standing: budgets.Standing | None, currency: str
) -> list[MonthBar]:
    most = max([spent.amount(currency) for _first, spent in shown], default=Decimal(0)) or Decimal(1)
    found = []
    for first, spent in shown:
        beyond = spent.amount(currency) - standing.budget.amount if standing else Decimal(0)
        found.append(
            MonthBar(
                first=first,
                words=spent.words or _("non si sa"),
                width=f"{spent.amount(currency) / most * _WIDTH:.1f}",
                over=pricing.money(beyond, currency) if beyond > 0 else "",
            )
        )
    return found


def _budget_bar(standing: budgets.Standing) -> BudgetBar:
    currency = standing.budget.currency
    whole = max(standing.budget.amount, standing.spent + standing.committed)
    spent = standing.spent / whole * _WIDTH
    return BudgetBar(
        spent=pricing.money(standing.spent, currency),
        committed=pricing.money(standing.committed, currency) if standing.committed else "",
        left=pricing.money(abs(standing.left), currency),
        is_over=standing.is_over,
        spent_width=f"{spent:.1f}",
        committed_x=f"{spent:.1f}",
        committed_width=f"{standing.committed / whole * _WIDTH:.1f}",
    )


def _free() -> list[Free]:
    senders = list(Sender.objects.select_related("organization").order_by("pk"))
    prices, found = Prices(), allowances(senders)
    return [
        Free(
            one,
            price.written
            if (price := prices.on(one.category, pricing.today(one.sender.organization)))
            else "",
            f"{min(one.used, one.most) / one.most * _WIDTH:.1f}",
            len(senders) > 1,
        )
        for one in found
    ]


def _in_use(day: date) -> list[InUse]:
    prices = Prices()
    known = [(label, prices.on(category, day)) for category, label in CATEGORIES]
    return [InUse(label, price.written, price.valid_from, price.source) for label, price in known if price]


def _form(request: HttpRequest) -> BudgetForm | None:
    """None for who may only look."""
    membership = membership_of(request)
    if membership is None or not membership.has(*DECIDERS):
        return None
    mine = budgets.budget()
    return BudgetForm(initial={"amount": mine.amount, "beyond": mine.beyond} if mine else None)


@staff(*DECIDERS, methods=WRITE)
def set_budget(request: HttpRequest) -> HttpResponse:
    form = BudgetForm(request.POST)
    if not form.is_valid():
        return render_screen(request, "newsroom/spending/page.html", _page(request, form), status=422)
    verbs.set_budget(
        organization_of(request),
        amount=form.cleaned_data["amount"],
        currency=_currency(),
        beyond=Budget.Beyond(form.cleaned_data["beyond"]),
        by=person_of(request),
    )
    messages.success(request, _("Limite salvato."))
    return redirect("newsroom:spending")


def _removing(request: HttpRequest) -> Question:
    return Question(reverse("newsroom:spending"), "")


@staff(*DECIDERS, methods=FORM)
@asks("newsroom/spending/remove_question.html", _removing)
def remove_budget(request: HttpRequest) -> HttpResponse:
    if verbs.remove_budget(organization_of(request), by=person_of(request)):
        messages.success(request, _("Limite tolto: nessun invio viene più confrontato con una spesa."))
    return redirect("newsroom:spending")


@staff(*LOOKERS)
def as_csv(request: HttpRequest) -> HttpResponse:
    """The month's mailings and answers, a line each."""
    page = _page(request, None)
    heads = [_("Che cosa"), _("Quando"), _("Arrivati"), _("Gratuiti"), _("Stimato"), _("Speso")]
    rows = [
        [
            line.title,
            date_format(localtime(line.at), "Y-m-d H:i"),
            str(line.arrived),
            str(line.spent.free),
            line.estimated,
            line.spent.words,
        ]
        for line in page.lines
    ]
    rows += [
        [label, "", str(spent.messages), str(spent.free), "", spent.words] for label, spent in page.singles
    ]
    name = f"spesa-{page.first:%Y-%m}.csv"
    return csv_text.response(name, heads, [dict(zip(heads, row, strict=True)) for row in rows])
