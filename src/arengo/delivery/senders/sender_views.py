# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Mittenti: the numbers, and the way to each one's provider. Secrets are written, never shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.formats import number_format
from django.utils.translation import gettext as _, gettext_lazy

from arengo.core import outside
from arengo.core.access import FORM, WRITE, organization_of, person_of
from arengo.core.console.settings_access import posted, record, setting, show
from arengo.core.screens import Screen
from arengo.delivery.limits import ceilings, tier
from arengo.delivery.models import LastArrival, Sender
from arengo.delivery.senders import activation
from arengo.delivery.sending.refusal_messages import refused
from arengo.delivery.sending.refusal_words import meaning_of_stop
from arengo.platforms import refusing
from arengo.platforms.calls import call
from arengo.platforms.contract import CountsPeople, Refusal, Subscribes
from arengo.platforms.forms import ProviderForm
from arengo.platforms.registry import platform, platforms, usual

_WITHIN = 15.0  # seconds that a person waits for the provider


class SenderForm(ProviderForm):
    """What every number has; the platform's own fields come behind (``form_of``)."""

    name = forms.CharField(label=gettext_lazy("Nome"), max_length=100)
    display_phone = forms.CharField(
        label=gettext_lazy("Numero"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("Come lo leggono i cittadini, con il prefisso: +39 …"),
    )
    tier = forms.Field()  # as _tier_field makes it for this sender
    field_order = ("name", "display_phone", "rate", "tier")

    def __init__(self, *args: Any, sender: Sender | None, platform_name: str, **kwargs: Any) -> None:
        self.sender, self.platform_name = sender, platform_name
        if sender:
            kwargs["initial"] = {
                "name": sender.name,
                "display_phone": sender.display_phone,
                "rate": sender.rate,
                "tier": sender.tier,
            }
        super().__init__(*args, before=sender.credentials if sender else None, **kwargs)
        if tier.steps(platform_name):
            # The platform's steps, and the present value where it told one that is none of them.
            known = sender.tier if sender else None
            steps = sorted({*tier.steps(platform_name), *([known] if known else [])})
            tier_field = forms.TypedChoiceField(
                label=gettext_lazy("Persone al giorno"),
                required=False,
                coerce=int,
                empty_value=None,
                choices=[
                    ("", gettext_lazy("Nessun limite")),
                    *((step, number_format(step, force_grouping=True)) for step in steps),
                ],
                help_text=self.tier_help,
            )
            self.fields["tier"] = tier_field
        else:
            del self.fields["tier"]

    def save(self, request: HttpRequest) -> Sender:
        values = self.cleaned_data
        sender = self.sender or Sender(organization=organization_of(request), platform=self.platform_name)
        sender.name, sender.display_phone, sender.rate = (
            values["name"],
            values["display_phone"],
            values["rate"],
        )
        sender.credentials = self.credentials()
        sender.save()
        if "tier" in values:
            tier.set_limit(sender, values["tier"])
        return sender


def form_of(sender: Sender | None, data: Any = None, platform_name: str = "") -> SenderForm:
    """``platform_name``: of a sender that is not there yet."""
    name = sender.platform if sender else platform_name
    made: type[SenderForm] = type("SenderForm", (SenderForm, platform(name).form()), {})
    return made(data, sender=sender, platform_name=name)


def hook_address(sender: Sender) -> str:
    """Where the provider must send what arrives."""
    return f"{settings.PUBLIC_URL}/hooks/{sender.hook_key}"


def listed() -> list[Sender]:
    """The scope's senders, with ``heard_at``: when something last arrived for them."""
    heard = LastArrival.objects.filter(sender_id=OuterRef("pk")).values("at")
    return list(Sender.objects.annotate(heard_at=Subquery(heard)).order_by("pk"))


@dataclass(frozen=True)
class SendersPage(Screen):
    senders: Sequence[Sender]


@dataclass(frozen=True)
class NewSenderPage(Screen):
    """``others``: the other platforms, the name in the address and the one on screen."""

    others: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class SenderPage(Screen):
    """``hook``: where its provider sends. ``described``: what the provider said just now; None: it was not asked."""

    sender: Sender
    hook: str
    heard_at: datetime | None
    described: Sequence[tuple[str, str]] | None
    subscribes: bool
    ceilings: Sequence[str]
    stop_words: str


@setting()
def sender_list(request: HttpRequest) -> HttpResponse:
    return show(request, "delivery/settings/senders.html", SendersPage(listed()))


@setting(methods=FORM)
def new_sender(request: HttpRequest) -> HttpResponse:
    asked = outside.text(request.GET.get("piattaforma"))
    name = asked if asked in platforms() else usual()
    form = form_of(None, posted(request), name)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            sender = form.save(request)
            record(request, "delivery.added_sender", on=sender)
            activation.changed(sender)
        messages.success(request, _("Mittente aggiunto. Ora prova il collegamento."))
        return redirect("settings:sender", pk=sender.pk)
    return show(
        request,
        "delivery/settings/sender_new.html",
        NewSenderPage(_others(name)),
        form=form,
        status=422 if form.errors else 200,
    )


def _others(name: str) -> list[tuple[str, str]]:
    return [(each, speaks.words.name) for each, speaks in platforms().items() if each != name]


@setting(methods=FORM)
def edit_sender(request: HttpRequest, pk: int) -> HttpResponse:
    sender = get_object_or_404(Sender.objects, pk=pk)
    form = form_of(sender, posted(request))
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save(request)
            record(request, "delivery.changed_sender", on=sender, changed=sorted(form.changed_data))
            activation.changed(sender)
        messages.success(request, _("Mittente salvato."))
        return redirect("settings:sender", pk=pk)
    return _page(request, sender, form)


def _page(
    request: HttpRequest, sender: Sender, form: SenderForm, described: dict[str, Any] | None = None
) -> HttpResponse:
    latest = LastArrival.objects.filter(sender_id=sender.pk).values_list("at", flat=True).first()
    page = SenderPage(
        sender=sender,
        hook=hook_address(sender),
        heard_at=latest,
        described=platform(sender.platform).facts(described) if described is not None else None,
        subscribes=isinstance(platform(sender.platform), Subscribes),
        ceilings=ceilings.rules(),
        stop_words=meaning_of_stop(sender.platform, sender.stop_code),
    )
    return show(request, "delivery/settings/sender.html", page, form=form, status=422 if form.errors else 200)


@setting(methods=WRITE)
def try_sender(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks the provider who this number is: the proof that the credentials work."""
    sender = get_object_or_404(Sender.objects, pk=pk)
    described: dict[str, Any] | None = None
    try:
        described = call(
            sender.platform,
            lambda platform, http: platform.describe(http, sender.credentials),
            within=_WITHIN,
        )
        messages.success(request, _("Il collegamento funziona: ecco che cosa risponde il fornitore."))
        speaks = platform(sender.platform)
        said = speaks.reach(described) if isinstance(speaks, CountsPeople) else None
        if said is not None and tier.set_limit(sender, said.people):
            messages.info(request, _("Il limite di persone al giorno è stato aggiornato con quello di Meta."))
    except Refusal as refusal:
        refused(request, sender, refusal)
    record(request, "delivery.tried_sender", on=sender, worked=described is not None)
    return _page(request, sender, form_of(sender), described)


@setting(methods=WRITE)
def resume_sender(request: HttpRequest, pk: int) -> HttpResponse:
    sender = get_object_or_404(Sender.objects, pk=pk)
    activation.resume(sender, by=person_of(request))
    messages.success(request, _("Il mittente è di nuovo attivo: ciò che era in coda riparte."))
    return redirect("settings:sender", pk=pk)


@setting(methods=WRITE)
def subscribe_sender(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks the provider to send to us what arrives."""
    sender = get_object_or_404(Sender.objects, pk=pk)
    speaks = platform(sender.platform)
    try:
        if not isinstance(speaks, Subscribes):
            raise refusing.unable()
        call(
            sender.platform,
            lambda _speaks, http: speaks.subscribe(http, sender.credentials, hook_address(sender)),
            within=_WITHIN,
        )
        messages.success(request, _("Fatto: da ora i messaggi dei cittadini arrivano qui."))
        record(request, "delivery.subscribed_webhook", on=sender)
    except Refusal as refusal:
        refused(request, sender, refusal)
    return redirect("settings:sender", pk=pk)
