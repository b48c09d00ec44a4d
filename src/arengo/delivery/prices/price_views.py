# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Prezzi: what a message of each category costs, from a day on. A new price is a new line; old ones stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from arengo.core.access import FORM, WRITE, organization_of
from arengo.core.console.confirming import Question, asks
from arengo.core.console.settings_access import posted, record, setting, show
from arengo.core.form_fields import AmountField, CountField, DayField
from arengo.core.screens import Screen
from arengo.delivery.models import Price
from arengo.delivery.models.senders import written
from arengo.delivery.prices import lists

CATEGORIES = (
    ("marketing", gettext_lazy("Avvisi e notizie (marketing)")),
    ("utility", gettext_lazy("Comunicazioni di servizio (utility)")),
    ("service", gettext_lazy("Risposte dello sportello (service)")),
    ("authentication", gettext_lazy("Codici di accesso (authentication)")),
)


_USUAL = Decimal(10)  # of any currency: no platform asks as much for one message


class PriceForm(forms.ModelForm):  # type: ignore[type-arg]  # subscriptable for mypy only
    category = forms.ChoiceField(label=gettext_lazy("Categoria"), choices=CATEGORIES)
    amount = AmountField(
        label=gettext_lazy("Prezzo a messaggio"),
        decimals=5,
        most=Decimal("999.99999"),
        usual=_USUAL,
        help_text=gettext_lazy("Per esempio 0,0795 (o 0.0795)."),
    )
    currency = forms.RegexField(
        r"\A[A-Z]{3}\Z", label=gettext_lazy("Valuta"), initial="EUR", help_text=gettext_lazy("EUR, USD …")
    )
    free_per_month = CountField(
        label=gettext_lazy("Gratuiti al mese"),
        initial=0,
        help_text=gettext_lazy("Quanti ogni mese non si pagano, per ogni numero."),
    )
    valid_from = DayField(label=gettext_lazy("Vale dal"))

    class Meta:
        model = Price
        fields = ("category", "amount", "currency", "free_per_month", "valid_from", "source")
        help_texts = {
            "source": gettext_lazy("Da dove viene il prezzo: il contratto, il listino del fornitore."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valid_from"].initial = timezone.localdate()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        same = Price.objects.filter(category=cleaned.get("category"), valid_from=cleaned.get("valid_from"))
        if cleaned.get("valid_from") and same.exists():
            self.add_error(
                "valid_from", _("C’è già un prezzo di questa categoria da questo giorno: toglilo prima.")
            )
        return cleaned


@dataclass(frozen=True)
class Published:
    """``rates``: (category, price) in words."""

    source: str
    checked_on: date
    rates: Sequence[tuple[str | Promise, str]]


@dataclass(frozen=True)
class Line:
    price: Price
    label: str | Promise
    state: Literal["in_force", "future", "past"]


@dataclass(frozen=True)
class PricesPage(Screen):
    """``published``: the platforms' own lists of which a price is not here yet, as prices are written; the newest of each."""

    lines: Sequence[Line]
    published: Sequence[Published]


def _lines() -> list[Line]:
    labels = dict(CATEGORIES)
    today = timezone.localdate()
    current: set[str] = set()
    lines = []
    for price in Price.objects.order_by("category", "-valid_from"):
        in_force = price.valid_from <= today and price.category not in current
        if in_force:
            current.add(price.category)
        later = price.valid_from > today
        label = labels.get(price.category, price.category)
        lines.append(Line(price, label, "in_force" if in_force else "future" if later else "past"))
    return lines


def _published() -> list[Published]:
    labels = dict(CATEGORIES)
    return [
        Published(
            found.source,
            found.checked_on,
            [(labels.get(name, name), written(rate, found.currency)) for name, rate in found.rates.items()],
        )
        for found in lists.unused(timezone.localdate())
    ]


@setting(methods=WRITE)
def use_published(request: HttpRequest) -> HttpResponse:
    """The platforms' own prices become the organization's, where it has none of that category and day."""
    added = lists.use(organization_of(request), timezone.localdate())
    for price in added:
        record(request, "delivery.added_price", on=price, category=price.category)
    if added:
        messages.success(request, _("Prezzi aggiunti: le stime li usano da quel giorno."))
    else:
        messages.info(request, _("Questi prezzi c’erano già."))
    return redirect("settings:prices")


@setting(methods=FORM)
def prices(request: HttpRequest) -> HttpResponse:
    form = PriceForm(posted(request))
    if request.method == "POST" and form.is_valid():
        price = form.save()
        record(request, "delivery.added_price", on=price, category=price.category)
        messages.success(request, _("Prezzo aggiunto: le stime lo usano da quel giorno."))
        return redirect("settings:prices")
    return show(
        request,
        "delivery/settings/prices.html",
        PricesPage(_lines(), _published()),
        form=form,
        status=422 if form.errors else 200,
    )


@dataclass(frozen=True)
class Removing(Question):
    price: Price
    label: str


def _removing(request: HttpRequest, pk: int) -> Removing:
    price = get_object_or_404(Price.objects, pk=pk)
    label = dict(CATEGORIES).get(price.category, price.category)
    return Removing(reverse("settings:prices"), "", price, label)


@setting(methods=FORM)
@asks("delivery/settings/price_question.html", _removing)
def remove_price(request: HttpRequest, pk: int) -> HttpResponse:
    price = get_object_or_404(Price.objects, pk=pk)
    record(request, "delivery.removed_price", on=price, category=price.category)
    price.delete()
    messages.success(request, _("Prezzo tolto."))
    return redirect("settings:prices")
