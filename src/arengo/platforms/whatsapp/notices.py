# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What WhatsApp says about our number and our account, in words for the person who looks after them.

``stop`` is kept for what makes every message fail until somebody acts. The words are sentences that are kept and read in
the reader's language (``core.sentences``); ``detail`` keeps Meta's own.
"""

from __future__ import annotations

from datetime import datetime

import msgspec
from django.utils.functional import Promise

from arengo.core import outside
from arengo.core.sentences import gettext, gettext_lazy as _
from arengo.platforms.contract import Remedy, SenderNotice
from arengo.platforms.whatsapp import client, leaves, people, refusals, templates, webhook_types as types

INFO, WARNING, STOP = "info", "warning", "stop"

_SUMMARIES: dict[str, str | Promise] = {
    "account_alerts": _("Meta ha un avviso per l’account WhatsApp."),
    "account_review_update": _("Meta ha concluso la verifica dell’account WhatsApp."),
    "account_settings_update": _("Sono cambiate le impostazioni dell’account WhatsApp."),
    "account_update": _("Qualcosa è cambiato nell’account WhatsApp."),
    "business_capability_update": _("Sono cambiati i limiti di invio dell’account WhatsApp."),
    "business_status_update": _("È cambiato lo stato dell’azienda (Business Manager) presso Meta."),
    "business_username_update": _("È cambiato il nome utente del mittente su WhatsApp."),
    "business_username_updates": _("È cambiato il nome utente del mittente su WhatsApp."),
    "calls": _("Qualcuno ha provato a telefonare al numero WhatsApp."),
    "flows": _("Qualcosa è cambiato in un modulo di WhatsApp."),
    "partner_solutions": _("È cambiato l’accordo con il fornitore di WhatsApp."),
    "phone_number_name_update": _("Meta ha deciso sul nome del mittente."),
    "phone_number_quality_update": _("Sono cambiati la qualità o i limiti del numero."),
    "security": _("È cambiata o è stata chiesta la verifica in due passaggi del numero."),
}
FIELDS = frozenset(_SUMMARIES)
KINDS: dict[str, str | Promise] = {
    "account_alerts": _("avviso sull’account"),
    "account_review_update": _("verifica dell’account"),
    "account_settings_update": _("impostazioni dell’account"),
    "account_update": _("stato dell’account"),
    "business_capability_update": _("limiti di invio"),
    "business_status_update": _("stato dell’azienda"),
    "business_username_update": _("nome utente"),
    "business_username_updates": _("nome utente"),
    "calls": _("telefonata"),
    "error": _("errore"),
    "flows": _("modulo di WhatsApp"),
    "partner_solutions": _("accordo con il fornitore"),
    "phone_number_name_update": _("nome del mittente"),
    "phone_number_quality_update": _("qualità e limiti del numero"),
    "security": _("sicurezza del numero"),
    "template_category_update": _("categoria di un modello"),
}
"""What the log calls a notice, by its kind."""

_EVENTS: dict[str, tuple[str, str | Promise]] = {
    "ACCOUNT_DELETED": (STOP, _("L’account WhatsApp è stato eliminato: nessun messaggio può partire.")),
    "ACCOUNT_OFFBOARDED": (STOP, _("L’account WhatsApp è stato scollegato: nessun messaggio può partire.")),
    "ACCOUNT_RECONNECTED": (INFO, _("L’account WhatsApp è stato ricollegato.")),
    "ACCOUNT_VIOLATION": (
        WARNING,
        _("Meta segnala una violazione delle regole. Aprire WhatsApp Manager e correggere."),
    ),
    "PARTNER_REMOVED": (
        STOP,
        _("Il fornitore non gestisce più l’account WhatsApp: nessun messaggio può partire."),
    ),
    "FLAGGED": (WARNING, _("La qualità del numero è bassa: troppe persone bloccano o segnalano i messaggi.")),
    "UNFLAGGED": (INFO, _("La qualità del numero è tornata buona.")),
    "DOWNGRADE": (WARNING, _("Meta ha abbassato il limite giornaliero di invio.")),
    "UPGRADE": (INFO, _("Meta ha alzato il limite giornaliero di invio.")),
    "THROUGHPUT_UPGRADE": (INFO, _("Il numero può inviare più messaggi al secondo.")),
    "PIN_RESET_REQUEST": (
        WARNING,
        _(
            "Qualcuno ha chiesto di cambiare il PIN del numero. Se non è stato il Comune, avvisare subito "
            "il fornitore."
        ),
    ),
    "PIN_CHANGED": (
        WARNING,
        _("Il PIN del numero è stato cambiato. Se non è stato il Comune, avvisare subito il fornitore."),
    ),
}

_BANS: dict[str, tuple[str, str | Promise]] = {
    "DISABLE": (STOP, _("Meta ha disattivato l’account WhatsApp: nessun messaggio può partire.")),
    "SCHEDULE_FOR_DISABLE": (
        WARNING,
        _("Meta sta per disattivare l’account WhatsApp. Aprire WhatsApp Manager e chiedere una revisione."),
    ),
    "REINSTATE": (INFO, _("Meta ha riattivato l’account WhatsApp.")),
}

_ALL_MESSAGES = "RESTRICTED_CUSTOMER_INITIATED_MESSAGING"
_RESTRICTED = _(
    "Meta ha limitato gli invii dell’account WhatsApp. Aprire WhatsApp Manager per vedere fino a quando."
)
_REFUSED = _("Meta ha respinto la richiesta. Leggerne il motivo e presentarla di nuovo.")
_SOON = _(
    "Dal %(date)s Meta considera il modello “%(name)s” di categoria %(category)s: il prezzo può cambiare."
)
_FOUND = _("Per Meta il modello “%(name)s” è di categoria %(category)s: il prezzo può cambiare.")

_notice_of = leaves.reader(types.Notice)


def notice(field: str, raw: msgspec.Raw) -> SenderNotice:
    said = _notice_of(raw)
    severity, summary = _judged(field, said)
    # Meta's own words, flat. Calls and security notices name people: nothing of those is among them.
    alert, violation = said.alert_info, said.violation_info
    words = {
        "event": said.event,
        "decision": said.decision,
        "limit": said.current_limit or said.max_daily_conversations_per_business,
        "reason": said.rejection_reason,
        "violation": violation.violation_type if violation else None,
        "restriction": ", ".join(each.restriction_type or "" for each in said.restriction_info or []),
        "alert": (alert.alert_description or alert.alert_type) if alert else None,
    }
    detail = {name: word for name, word in words.items() if word}
    return SenderNotice(kind=field, summary=str(summary), severity=severity, detail=detail)


def failure(error: types.Error) -> SenderNotice:
    """An error that belongs to no message (``value.errors[]``)."""
    code = refusals.code_of(error.code)
    stops = refusals.remedy_of_receipt(code) is Remedy.STOP_SENDER
    details = error.error_data.details if error.error_data else None
    return SenderNotice(
        kind="error",
        summary=refusals.explain(code),
        severity=STOP if stops else WARNING,
        detail={
            "code": code,
            "title": client.clean(error.title or error.message or ""),
            "details": client.clean(details or ""),
        },
    )


def recategorisation(update: types.TemplateUpdate, at: datetime) -> SenderNotice:
    """Announced with a date, or only found so far: the template keeps its category until then."""
    said = people.moment(update.category_update_timestamp)
    dated = outside.FIRST_DAY <= said.date() <= outside.LAST_DAY
    words = {
        "date": (said if dated else at).strftime("%d/%m/%Y"),
        "name": update.message_template_name[:512],
        "category": update.correct_category,
    }
    return SenderNotice(
        kind="template_category_update",
        summary=str(_FOUND if update.category and not dated else _SOON) % words,
        severity=WARNING,
        detail={
            "template_id": str(update.message_template_id),
            "language": templates.language(update.message_template_language),
        },
    )


def _judged(field: str, said: types.Notice) -> tuple[str, str | Promise]:
    state = said.ban_info.waba_ban_state if said.ban_info else None
    if isinstance(state, list):
        state = state[0] if state else None
    ban = _BANS.get(state or "")
    if ban is not None:
        return ban
    if said.restriction_info:
        # Adding numbers, calls or starting conversations may be restricted alone: then answers still go.
        stops = any(each.restriction_type == _ALL_MESSAGES for each in said.restriction_info)
        return STOP if stops else WARNING, _RESTRICTED
    if said.event in _EVENTS:
        return _EVENTS[said.event]
    if said.decision == "REJECTED":
        return WARNING, _REFUSED
    alert = said.alert_info
    if alert is not None and alert.alert_severity in {"WARNING", "CRITICAL"}:
        return WARNING, _SUMMARIES[field]
    return INFO, _SUMMARIES.get(field, gettext("Avviso di WhatsApp."))
