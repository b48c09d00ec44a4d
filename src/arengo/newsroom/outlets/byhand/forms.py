# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from arengo.core.form_fields import CountField, DayField
from arengo.newsroom.outlets.byhand.addresses import MOST, channel_address, post_address
from arengo.newsroom.outlets.byhand.tasks import channel_url

_URL = {"inputmode": "url", "autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}


class DoneForm(forms.Form):
    url = forms.CharField(
        label=_("Indirizzo del post"),
        required=False,
        max_length=MOST,
        # Not as a placeholder: on a phone half of it would be cut off, and it goes with the first letter.
        help_text=_("Tieni premuto il post, «Copia link»"),
        widget=forms.TextInput(attrs=_URL),
    )

    def clean_url(self) -> str:
        return post_address(self.cleaned_data["url"], channel_url())


class ReadingForm(forms.Form):
    day = DayField(label=_("Giorno in cui li hai letti"))
    followers = CountField(label=_("Follower del canale"), required=False)
    reactions = CountField(label=_("Reazioni al post"), required=False)
    votes = CountField(label=_("Voti, se è un sondaggio"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and all(data.get(name) is None for name in ("followers", "reactions", "votes")):
            raise forms.ValidationError(gettext("Scrivi almeno un numero."))
        day = data.get("day")
        if day and day > timezone.localdate():
            self.add_error("day", gettext("Questo giorno deve ancora venire."))
        return data


class ChannelForm(forms.Form):
    whatsapp_url = forms.CharField(
        label=_("Indirizzo del canale WhatsApp"),
        required=False,
        max_length=MOST,
        widget=forms.TextInput(attrs={**_URL, "placeholder": "https://whatsapp.com/channel/…"}),
        help_text=_(
            "È l'invito che si copia dal canale, in «Condividi». Con l'indirizzo, il canale si può scegliere negli "
            "aggiornamenti e compare sul sito pubblico. Vuoto: l'ente non ha un canale su WhatsApp."
        ),
    )

    def clean_whatsapp_url(self) -> str:
        return channel_address(self.cleaned_data["whatsapp_url"])
