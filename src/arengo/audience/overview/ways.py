# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How people came onto the list and why they left, in the words of the page."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from arengo.audience.models import Consent
from arengo.audience.models.consents import CAME
from arengo.audience.reasons import Reason
from arengo.audience.ways import Way

WORDS: dict[str, str | Promise] = {
    Way.MESSAGE: _("Con un messaggio"),
    Way.BUTTON: _("Con un pulsante"),
    Way.MENU: _("Da un menu"),
    Way.POSTER: _("Da un codice QR"),
    Way.FORM: _("Dal modulo del sito"),
    Way.READ: _("Da un messaggio letto allo Sportello"),
    Way.STAFF: _("Allo Sportello, su richiesta"),
    Way.IMPORT: _("Importati da un elenco"),
    Way.PAGE: _("Dalla pagina personale"),
    Way.RULE: _("Rimessi nella lista"),
    Way.PLATFORM: _("Dalle impostazioni dell’app"),
}

REASONS: dict[str, str | Promise] = {
    Reason.UNSUBSCRIBED: _("Si sono cancellate"),
    Reason.PLATFORM: _("Stop premuto nell’app"),
    Reason.INVALID: _("Numero non più valido"),
    Reason.NEVER_REACHED: _("Mai raggiunte"),
    Reason.TOPIC_ENDED: _("Tema finito"),
    Reason.MERGED: _("Schede unite"),
    Reason.ERASED: _("Dati eliminati"),
    Reason.BULK: _("Importazioni annullate"),
    Reason.UNANSWERED: _("Senza risposta alla richiesta di conferma"),
}


def words_of(way: str) -> str:
    return str(WORDS.get(way, way))


def reason_of(reason: str) -> str:
    return str(REASONS.get(reason, reason))


def of_way(consents: QuerySet[Consent], way: str) -> QuerySet[Consent]:
    """Those that came this way."""
    return consents.alias(came=CAME).filter(came=way)
