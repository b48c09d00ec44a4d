# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an administrator types about a WhatsApp number, and what the provider's answer about it says to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy as _

from arengo.core.form_fields import CountField
from arengo.platforms import provider_values
from arengo.platforms.forms import ProviderForm, secret_field
from arengo.platforms.whatsapp import state_words
from arengo.platforms.wording import printable

_MOST_SHOWN = 100  # characters of a value that the provider gave


class NumberForm(ProviderForm):
    secrets = ("token", "app_secret", "verify_token")
    intro = _("Questi dati li dà Meta, o il fornitore del servizio, quando attiva il numero.")
    tier_help = _(
        "A quante persone Meta permette di scrivere per primi in 24 ore, da tutti i numeri dello stesso "
        "account. «Prova il collegamento» lo chiede a Meta. Ciò che supera il limite parte il giorno dopo, "
        "le allerte per prime."
    )

    rate = CountField(
        label=_("Messaggi al secondo"),
        least=1,
        most=1000,
        initial=80,
        help_text=_(
            "Meta ne consente 80; 1.000 ai numeri più grandi, 20 a quelli usati anche da un telefono."
        ),
    )
    base_url = forms.URLField(
        label=_("Indirizzo del fornitore"),
        assume_scheme="https",
        max_length=500,
        initial="https://graph.facebook.com",
        help_text=_(
            "Quello di Meta, o quello indicato dal fornitore (Solution Provider). Se cambia, token e chiavi vanno "
            "inseriti di nuovo."
        ),
    )
    version = forms.RegexField(
        r"\A(v\d{1,3}\.\d)?\Z",
        label=_("Versione"),
        required=False,
        initial="v24.0",
        help_text=_("Per esempio v24.0; vuota se il fornitore non la usa."),
    )
    number_id = forms.CharField(
        label=_("Identificativo del numero"),
        max_length=64,
        help_text=_("In Meta: «Phone number ID». Non è il numero di telefono."),
    )
    account_id = forms.CharField(
        label=_("Identificativo dell’account"),
        max_length=64,
        help_text=_("In Meta: «WhatsApp Business Account ID»."),
    )
    token = secret_field(
        _("Token di accesso"),
        _("Non viene mai mostrato. Lasciare vuoto per non cambiarlo."),
    )
    app_secret = secret_field(
        _("Chiave segreta dell’app"),
        _("Con questa si verifica che i messaggi in arrivo siano autentici. Vuoto: non cambia."),
    )
    verify_token = secret_field(
        _("Token di verifica del webhook"),
        _("Una parola a scelta, da ripetere presso Meta. Vuoto: non cambia."),
    )
    auth_header = forms.CharField(
        label=_("Intestazione di autorizzazione"), max_length=60, initial="Authorization"
    )
    auth_prefix = forms.CharField(
        label=_("Prefisso del token"),
        max_length=30,
        required=False,
        initial="Bearer ",
        strip=False,
        help_text=_("«Bearer » (con lo spazio) per Meta; vuoto per altri fornitori."),
    )
    signature = forms.ChoiceField(
        label=_("Firma dei messaggi in arrivo"),
        choices=(
            ("sha256", _("Meta: HMAC SHA-256")),
            ("token", _("Il fornitore ripete un segreto scelto da noi")),
        ),
    )
    signature_header = forms.CharField(
        label=_("Intestazione della firma"), max_length=60, initial="X-Hub-Signature-256"
    )

    def clean_number_id(self) -> str:
        return provider_values.identifier(self.cleaned_data["number_id"])

    def clean_account_id(self) -> str:
        return provider_values.identifier(self.cleaned_data["account_id"])

    def clean_auth_header(self) -> str:
        return provider_values.token_header(self.cleaned_data["auth_header"])

    def clean_auth_prefix(self) -> str:
        return provider_values.token_prefix(self.cleaned_data["auth_prefix"])

    def clean_signature_header(self) -> str:
        return provider_values.header(self.cleaned_data["signature_header"])


def facts(described: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The fields that have a name here, and no others: the answer comes from whatever address was typed."""
    labels = {
        "display_phone_number": gettext("Numero"),
        "verified_name": gettext("Nome verificato"),
        "name_status": gettext("Stato del nome"),
        "quality_rating": gettext("Qualità"),
        "messaging_limit_tier": gettext("Limite di persone al giorno"),
        "whatsapp_business_manager_messaging_limit": gettext("Limite di persone al giorno"),
        "code_verification_status": gettext("Verifica del numero"),
        "platform_type": gettext("Piattaforma"),
        "status": gettext("Stato"),
        "throughput": gettext("Velocità"),
        "health_status": gettext("Può inviare"),
    }
    return [
        (labels[name], _shown(name, value))
        for name, value in described.items()
        if name in labels and isinstance(value, str) and value
    ]


_CODES = {
    "name_status": state_words.NAME,
    "quality_rating": state_words.QUALITY,
    "messaging_limit_tier": state_words.LIMIT,
    "whatsapp_business_manager_messaging_limit": state_words.LIMIT,
    "code_verification_status": state_words.VERIFICATION,
    "platform_type": state_words.SERVICE,
    "status": state_words.STATE,
    "throughput": state_words.THROUGHPUT,
    "health_status": state_words.SENDING,
}


def _shown(name: str, value: str) -> str:
    shown = printable(value, _MOST_SHOWN)
    return state_words.worded(_CODES[name], shown) if name in _CODES else shown
