# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The hub of the settings: one card for each, each saying what it changes."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from arengo.config.settings_access import setting, show
from arengo.config.settings_unread import unread_count


@dataclass(frozen=True)
class Card:
    url_name: str
    icon: str
    title: str | Promise
    text: str | Promise

    @property
    def url(self) -> str:
        return reverse(self.url_name)


CARDS = (
    Card(
        "settings:organization",
        "pa",
        _("Ente"),
        _("Nome, stemma, colori e recapiti: come l’ente si presenta sul sito e nella console."),
    ),
    Card(
        "settings:list",
        "comment",
        _("Parole e messaggi della lista"),
        _("Con quali parole ci si iscrive e ci si cancella, che cosa risponde Arengo, i temi."),
    ),
    Card(
        "settings:automatic",
        "refresh",
        _("Risposte automatiche"),
        _("Che cosa Arengo scrive da sé, con quale limite, e quante ne ha inviate oggi."),
    ),
    Card(
        "settings:policies",
        "file",
        _("Informativa e regole"),
        _("I testi che si ricevono iscrivendosi e che si leggono sul sito. Ogni versione resta."),
    ),
    Card(
        "settings:senders",
        "telephone",
        _("Mittenti"),
        _("I numeri da cui si scrive e si risponde, e il collegamento con il loro fornitore."),
    ),
    Card(
        "settings:templates",
        "files",
        _("Modelli"),
        _("I messaggi approvati da Meta: servono per gli avvisi e dopo 24 ore di silenzio."),
    ),
    Card(
        "settings:prices",
        "card",
        _("Prezzi"),
        _("Quanto costa un messaggio: serve a mostrare la spesa prima di inviare."),
    ),
    Card(
        "settings:staff",
        "user",
        _("Personale e ruoli"),
        _("Chi entra nella console e che cosa può fare."),
    ),
    Card(
        "settings:log",
        "clock",
        _("Registro"),
        _("Chi ha fatto che cosa e quando. Si può solo leggere."),
    ),
    Card(
        "settings:status",
        "chart-line",
        _("Stato del servizio"),
        _(
            "Se tutto funziona adesso: invii, ricevute, posta in arrivo, e che cosa fare quando qualcosa non va."
        ),
    ),
    Card(
        "settings:unread",
        "mail",
        _("Posta in arrivo non letta"),
        _("Ciò che è arrivato da WhatsApp e Arengo non ha saputo leggere."),
    ),
)


@setting()
def home(request: HttpRequest) -> HttpResponse:
    return show(request, "settings/home.html", {"cards": CARDS, "unread": unread_count()})
