# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Mittenti: the numbers, and the way to each one's provider. Secrets are written, never shown."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import msgspec
from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.formats import number_format
from django.utils.translation import gettext as _, gettext_lazy

from arengo.core.access import FORM, WRITE, organization_of, person_of
from arengo.core.console.settings_access import posted, record, setting, show
from arengo.core.form_fields import CountField
from arengo.delivery import ceilings, provider_values, senders, tier
from arengo.delivery.models import LastArrival, Sender
from arengo.delivery.refusal_messages import refused
from arengo.delivery.refusal_words import meaning_of_stop
from arengo.platforms.calls import call
from arengo.platforms.contract import Credentials, Refusal
from arengo.platforms.origins import origin
from arengo.platforms.registry import platform
from arengo.platforms.wording import printable

SECRETS = ("token", "app_secret", "verify_token")
_WITHIN = 15.0  # seconds that a person waits for the provider
_MOST_SHOWN = 100  # characters of a value that the provider gave


def _secret(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


def _tier_field(known: int | None) -> forms.TypedChoiceField:
    """Meta's steps, and the present value where Meta told one that is none of them."""
    steps = sorted({*tier.TIERS, *([known] if known else [])})
    return forms.TypedChoiceField(
        label=gettext_lazy("Persone al giorno"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[
            ("", gettext_lazy("Nessun limite")),
            *((step, number_format(step, force_grouping=True)) for step in steps),
        ],
        help_text=gettext_lazy(
            "A quante persone Meta permette di scrivere per primi in 24 ore, da tutti i numeri dello stesso "
            "account. «Prova il collegamento» lo chiede a Meta. Ciò che supera il limite parte il giorno dopo, "
            "le allerte per prime."
        ),
    )


class SenderForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Nome"), max_length=100)
    display_phone = forms.CharField(
        label=gettext_lazy("Numero"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("Come lo leggono i cittadini, con il prefisso: +39 …"),
    )
    rate = CountField(
        label=gettext_lazy("Messaggi al secondo"),
        least=1,
        most=1000,
        initial=80,
        help_text=gettext_lazy(
            "Meta ne consente 80; 1.000 ai numeri più grandi, 20 a quelli usati anche da un telefono."
        ),
    )
    tier = forms.Field()  # as _tier_field makes it for this sender
    base_url = forms.URLField(
        label=gettext_lazy("Indirizzo del fornitore"),
        assume_scheme="https",
        max_length=500,
        initial="https://graph.facebook.com",
        help_text=gettext_lazy(
            "Quello di Meta, o quello indicato dal fornitore (Solution Provider). Se cambia, token e chiavi vanno "
            "inseriti di nuovo."
        ),
    )
    version = forms.RegexField(
        r"\A(v\d{1,3}\.\d)?\Z",
        label=gettext_lazy("Versione"),
        required=False,
        initial="v24.0",
        help_text=gettext_lazy("Per esempio v24.0; vuota se il fornitore non la usa."),
    )
    number_id = forms.CharField(
        label=gettext_lazy("Identificativo del numero"),
        max_length=64,
        help_text=gettext_lazy("In Meta: «Phone number ID». Non è il numero di telefono."),
    )
    account_id = forms.CharField(
        label=gettext_lazy("Identificativo dell’account"),
        max_length=64,
        help_text=gettext_lazy("In Meta: «WhatsApp Business Account ID»."),
    )
    token = _secret(
        gettext_lazy("Token di accesso"),
        gettext_lazy("Non viene mai mostrato. Lasciare vuoto per non cambiarlo."),
    )
    app_secret = _secret(
        gettext_lazy("Chiave segreta dell’app"),
        gettext_lazy("Con questa si verifica che i messaggi in arrivo siano autentici. Vuoto: non cambia."),
    )
    verify_token = _secret(
        gettext_lazy("Token di verifica del webhook"),
        gettext_lazy("Una parola a scelta, da ripetere presso Meta. Vuoto: non cambia."),
    )
    auth_header = forms.CharField(
        label=gettext_lazy("Intestazione di autorizzazione"), max_length=60, initial="Authorization"
    )
    auth_prefix = forms.CharField(
        label=gettext_lazy("Prefisso del token"),
        max_length=30,
        required=False,
        initial="Bearer ",
        strip=False,
        help_text=gettext_lazy("«Bearer » (con lo spazio) per Meta; vuoto per altri fornitori."),
    )
    signature = forms.ChoiceField(
        label=gettext_lazy("Firma dei messaggi in arrivo"),
        choices=(
            ("sha256", gettext_lazy("Meta: HMAC SHA-256")),
            ("token", gettext_lazy("Il fornitore ripete un segreto scelto da noi")),
        ),
    )
    signature_header = forms.CharField(
        label=gettext_lazy("Intestazione della firma"), max_length=60, initial="X-Hub-Signature-256"
    )

    def __init__(self, *args: Any, sender: Sender | None, **kwargs: Any) -> None:
        self.sender = sender
        self.before = sender.credentials if sender else None
        if sender and self.before:
            shown = {
                name: value
                for name, value in msgspec.structs.asdict(self.before).items()
                if name not in (*SECRETS, "origin")
            }
            kwargs["initial"] = {
                **shown,
                "name": sender.name,
                "display_phone": sender.display_phone,
                "rate": sender.rate,
                "tier": sender.tier,
            }
        super().__init__(*args, **kwargs)
        for name in SECRETS:
            self.fields[name].required = sender is None
        self.fields["tier"] = _tier_field(sender.tier if sender else None)

    def clean_base_url(self) -> str:
        return provider_values.base_url(self.cleaned_data["base_url"])

    def clean_number_id(self) -> str:
        return provider_values.identifier(self.cleaned_data["number_id"])

    def clean_account_id(self) -> str:
        return provider_values.identifier(self.cleaned_data["account_id"])

    def clean_token(self) -> str:
        return provider_values.token(self.cleaned_data["token"])

    def clean_auth_header(self) -> str:
        return provider_values.token_header(self.cleaned_data["auth_header"])

    def clean_auth_prefix(self) -> str:
        return provider_values.token_prefix(self.cleaned_data["auth_prefix"])

    def clean_signature_header(self) -> str:
        return provider_values.header(self.cleaned_data["signature_header"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        moved = self.before is not None and self._origin(cleaned) != self.before.origin
        for name in SECRETS:
            if moved:
                self.fields[name].required = True
                self.fields[name].help_text = _("Non viene mai mostrato.")
            if moved and not cleaned.get(name) and name not in self.errors:
                self.add_error(name, self._wanted_again(cleaned))
            kept = getattr(self.before, name) if self.before and not moved else ""
            cleaned[name] = cleaned.get(name) or kept
        return cleaned

    def _origin(self, cleaned: dict[str, Any]) -> str:
        """That of the address typed; of one that has an error already, the present one: nothing is saved anyway."""
        if "base_url" in cleaned:
            return origin(cleaned["base_url"])
        return self.before.origin if self.before else ""

    def _wanted_again(self, cleaned: dict[str, Any]) -> str:
        words = _(
            "L’indirizzo del fornitore è cambiato e il segreto salvato vale per quello di prima: inserire quello di %(host)s."
        )
        return words % {"host": urlsplit(cleaned["base_url"]).hostname}

    def save(self, request: HttpRequest) -> Sender:
        values = self.cleaned_data
        sender = self.sender or Sender(organization=organization_of(request))
        sender.name, sender.display_phone, sender.rate = (
            values["name"],
            values["display_phone"],
            values["rate"],
        )
        # The origin is left out: the secrets are those of this address, kept from it or typed for it.
        sender.credentials = Credentials(
            **{name: values[name] for name in Credentials.__struct_fields__ if name != "origin"}
        )
        sender.save()
        tier.set_limit(sender, values["tier"])
        return sender


def hook_address(sender: Sender) -> str:
    """Where the provider must send what arrives."""
    return f"{settings.PUBLIC_URL}/hooks/{sender.hook_key}"


def listed() -> list[Sender]:
    """The scope's senders, with ``heard_at``: when something last arrived for them."""
    heard = LastArrival.objects.filter(sender_id=OuterRef("pk")).values("at")
    return list(Sender.objects.annotate(heard_at=Subquery(heard)).order_by("pk"))


@setting()
def sender_list(request: HttpRequest) -> HttpResponse:
    return show(request, "delivery/settings/senders.html", {"senders": listed()})


@setting(methods=FORM)
def new_sender(request: HttpRequest) -> HttpResponse:
    form = SenderForm(posted(request), sender=None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            sender = form.save(request)
            record(request, "delivery.added_sender", on=sender)
            senders.changed(sender)
        messages.success(request, _("Mittente aggiunto. Ora prova il collegamento."))
        return redirect("settings:sender", pk=sender.pk)
    return show(
        request, "delivery/settings/sender_new.html", {}, form=form, status=422 if form.errors else 200
    )


@setting(methods=FORM)
def edit_sender(request: HttpRequest, pk: int) -> HttpResponse:
    sender = get_object_or_404(Sender.objects, pk=pk)
    form = SenderForm(posted(request), sender=sender)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save(request)
            record(request, "delivery.changed_sender", on=sender, changed=sorted(form.changed_data))
            senders.changed(sender)
        messages.success(request, _("Mittente salvato."))
        return redirect("settings:sender", pk=pk)
    return _page(request, sender, form)


def _page(
    request: HttpRequest, sender: Sender, form: SenderForm, described: dict[str, Any] | None = None
) -> HttpResponse:
    latest = LastArrival.objects.filter(sender_id=sender.pk).values_list("at", flat=True).first()
    context = {
        "sender": sender,
        "hook": hook_address(sender),
        "heard_at": latest,
        "described": _readable(described) if described is not None else None,
        "ceilings": ceilings.rules(),
        "stop_words": meaning_of_stop(sender.platform, sender.stop_code),
    }
    return show(
        request, "delivery/settings/sender.html", context, form=form, status=422 if form.errors else 200
    )


def _readable(described: dict[str, Any]) -> list[tuple[str, str]]:
    """The fields that have a name here, and no others: the answer comes from whatever address was typed."""
    labels = {
        "display_phone_number": _("Numero"),
        "verified_name": _("Nome verificato"),
        "name_status": _("Stato del nome"),
        "quality_rating": _("Qualità"),
        "messaging_limit_tier": _("Limite di persone al giorno"),
        "whatsapp_business_manager_messaging_limit": _("Limite di persone al giorno"),
        "code_verification_status": _("Verifica del numero"),
        "platform_type": _("Piattaforma"),
        "status": _("Stato"),
        "throughput": _("Velocità"),
        "health_status": _("Può inviare"),
    }
    return [
        (labels[name], printable(value, _MOST_SHOWN))
        for name, value in described.items()
        if name in labels and isinstance(value, str) and value
    ]


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
        said = platform(sender.platform).reach(described)
        if said is not None and tier.set_limit(sender, said.people):
            messages.info(request, _("Il limite di persone al giorno è stato aggiornato con quello di Meta."))
    except Refusal as refusal:
        refused(request, sender, refusal)
    record(request, "delivery.tried_sender", on=sender, worked=described is not None)
    return _page(request, sender, SenderForm(sender=sender), described)


@setting(methods=WRITE)
def resume_sender(request: HttpRequest, pk: int) -> HttpResponse:
    sender = get_object_or_404(Sender.objects, pk=pk)
    senders.resume(sender, by=person_of(request))
    messages.success(request, _("Il mittente è di nuovo attivo: ciò che era in coda riparte."))
    return redirect("settings:sender", pk=pk)


@setting(methods=WRITE)
def subscribe_sender(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks the provider to send to us what arrives."""
    sender = get_object_or_404(Sender.objects, pk=pk)
    try:
        call(
            sender.platform,
            lambda platform, http: platform.subscribe(http, sender.credentials, hook_address(sender)),
            within=_WITHIN,
        )
        messages.success(request, _("Fatto: da ora i messaggi dei cittadini arrivano qui."))
        record(request, "delivery.subscribed_webhook", on=sender)
    except Refusal as refusal:
        refused(request, sender, refusal)
    return redirect("settings:sender", pk=pk)
