# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How people came onto the list and why they left, in the words of the page."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from arengo.audience.models import Consent
from arengo.audience.reasons import Reason

COLUMN = "source"  # of a consent: by which ways are told apart

WORDS: dict[str, str | Promise] = {
    Consent.Source.MESSAGE: _("Con un messaggio o un pulsante"),
    Consent.Source.IMPORT: _("Importati da un elenco"),
    Consent.Source.STAFF: _("Allo Sportello, su richiesta"),
    Consent.Source.PAGE: _("Dalla pagina personale"),
    Consent.Source.RULE: _("Rimessi nella lista"),
    Consent.Source.PLATFORM: _("Dalle impostazioni dell’app"),
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
}


def words_of(way: str) -> str:
    return str(WORDS.get(way, way))


def reason_of(reason: str) -> str:
    return str(REASONS.get(reason, reason))


def of_way(consents: QuerySet[Consent], way: str) -> QuerySet[Consent]:
    """Those that came this way."""
    return consents.filter(**{COLUMN: way})
