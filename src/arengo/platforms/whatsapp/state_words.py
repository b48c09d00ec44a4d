# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Meta's codes for the states of a number and of a template, in words for staff.

The codes are Meta's (Cloud API: phone number reference, messaging limits, template reference). A code that is not here is
shown as Meta writes it, marked as one that Arengo does not know.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise

from arengo.core.clean_text import isolated
from arengo.core.sentences import gettext, gettext_lazy as _

Words = Mapping[str, str | Promise]

_UNKNOWN = _("non indicato da Meta")

QUALITY: Words = {
    "GREEN": _("alta"),
    "YELLOW": _("media"),
    "RED": _("bassa"),
    "UNKNOWN": _("non ancora valutata"),
    "NA": _("non ancora valutata"),
}
NAME: Words = {
    "APPROVED": _("approvato"),
    "AVAILABLE_WITHOUT_REVIEW": _("disponibile senza verifica"),
    "DECLINED": _("rifiutato"),
    "EXPIRED": _("scaduto"),
    "PENDING_REVIEW": _("in esame presso Meta"),
    "NON_EXISTS": _("assente"),
    "NONE": _("assente"),
}
LIMIT: Words = {
    "TIER_50": _("50 persone"),
    "TIER_250": _("250 persone"),
    "TIER_1K": _("1.000 persone"),
    "TIER_2K": _("2.000 persone"),
    "TIER_10K": _("10.000 persone"),
    "TIER_100K": _("100.000 persone"),
    "TIER_UNLIMITED": _("nessun limite"),
    "TIER_NOT_SET": _UNKNOWN,
}
VERIFICATION: Words = {
    "VERIFIED": _("verificato"),
    "NOT_VERIFIED": _("non verificato"),
    "EXPIRED": _("verifica scaduta"),
}
SERVICE: Words = {
    "CLOUD_API": _("Cloud API di Meta"),
    "ON_PREMISE": _("server proprio (On-Premises API)"),
    "NOT_APPLICABLE": _UNKNOWN,
}
STATE: Words = {
    "BANNED": _("bloccato da Meta"),
    "CONNECTED": _("collegato"),
    "DELETED": _("eliminato"),
    "DISCONNECTED": _("scollegato"),
    "FLAGGED": _("segnalato per bassa qualità"),
    "MIGRATED": _("trasferito"),
    "PENDING": _("in attesa"),
    "RATE_LIMITED": _("rallentato da Meta"),
    "RESTRICTED": _("limitato da Meta"),
    "UNKNOWN": _UNKNOWN,
    "UNVERIFIED": _("non verificato"),
}
THROUGHPUT: Words = {
    "HIGH": _("alta"),
    "STANDARD": _("normale"),
    "NOT_APPLICABLE": _UNKNOWN,
}
SENDING: Words = {
    "AVAILABLE": _("sì"),
    "LIMITED": _("con limiti"),
    "BLOCKED": _("no"),
}
REJECTION: Words = {
    "ABUSIVE_CONTENT": _("contenuto offensivo o vietato"),
    "INCORRECT_CATEGORY": _("categoria sbagliata"),
    "INVALID_FORMAT": _("formato non valido"),
    "PROMOTIONAL": _("contenuto promozionale in un modello di servizio"),
    "SCAM": _("sembra una truffa"),
    "TAG_CONTENT_MISMATCH": _("il contenuto non corrisponde alla categoria o alla lingua"),
}
TEMPLATE: Words = {
    "APPROVED": _("approvato"),
    "ARCHIVED": _("archiviato"),
    "DELETED": _("eliminato"),
    "DISABLED": _("disattivato da Meta"),
    "IN_APPEAL": _("in riesame presso Meta"),
    "LIMIT_EXCEEDED": _("oltre il numero di modelli consentito"),
    "LOCKED": _("bloccato da Meta"),
    "PAUSED": _("sospeso da Meta"),
    "PENDING": _("in esame presso Meta"),
    "PENDING_DELETION": _("in eliminazione"),
    "REJECTED": _("respinto"),
}


def rejection(reason: str) -> str:
    """One of Meta's codes in words; sentences of Meta's stay as they are, isolated."""
    known = REJECTION.get(reason.strip().upper())
    return isolated(reason) if known is None else str(known)


def worded(words: Words, code: str) -> str:
    known = words.get(code.strip().upper())
    return (
        str(known)
        if known is not None
        else gettext("«%(code)s», un valore che Arengo non conosce") % {"code": code}
    )
