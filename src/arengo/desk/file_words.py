# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Why a file is not there yet, or never will be, in words for operators: what comes is not spoken of as what goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from arengo.core.clean_text import isolated
from arengo.desk import transfers
from arengo.desk.models import Attachment, Message
from arengo.platforms.contract import Platform, Receiving
from arengo.platforms.receiving import receiving_of

_HOUSE: dict[str, str | Promise] = {
    Attachment.Cause.DISK: gettext_lazy(
        "Il disco di Arengo è pieno: chi gestisce l’installazione deve fare spazio."
    ),
    Attachment.Cause.HOUSE: gettext_lazy("Un errore di Arengo lo ha interrotto: è nel registro del server."),
    Attachment.Cause.PICTURE: gettext_lazy("L’anteprima aspetta il suo turno."),
    Attachment.Cause.SCAN: gettext_lazy(
        "L’antivirus non risponde: il file aspetta finché lo controlla. Avvisa chi gestisce Arengo."
    ),
}
_NOT_TAKEN = gettext_lazy(
    "L’antivirus non accetta questo file: aspetta finché lo controlla. Avvisa chi gestisce Arengo."
)


@dataclass(frozen=True)
class FileNote:
    """``next_at``: when it is tried again by itself. ``fetch``: a person may have it tried now."""

    words: str = ""
    details: str = ""  # the platform's own
    next_at: datetime | None = None
    fetch: bool = False
    carrying: bool = False  # a job has it in hand, or is about to


def note(message: Message, attachment: Attachment | None, speaks: Platform) -> FileNote | None:
    """None for one that is there, or is none."""
    if attachment is None or attachment.state == Attachment.State.READY:
        return None
    if attachment.cause == Attachment.Cause.AGE:
        return FileNote(words=_("Il file è stato cancellato: è finito il tempo per cui si conserva."))
    attachment.message = message  # asked for below
    if message.incoming and attachment.may_be_opened:
        return None
    now = timezone.now()
    busy = attachment.busy_until is not None and attachment.busy_until > now
    if attachment.state == Attachment.State.PENDING and (busy or not attachment.cause):
        return FileNote(carrying=True)
    return FileNote(
        words=_why_not_come(attachment, receiving_of(speaks), now)
        if message.incoming
        else _why_not_gone(attachment, speaks),
        details=attachment.reason if attachment.code else "",
        next_at=attachment.next_at if attachment.state == Attachment.State.PENDING else None,
        fetch=transfers.can_fetch(attachment, now),
    )


def _of_house(attachment: Attachment) -> str | Promise | None:
    """None for a cause that is the platform's."""
    if attachment.cause == Attachment.Cause.SCAN and attachment.in_a_row:
        return _NOT_TAKEN
    return _HOUSE.get(attachment.cause)


def why_no_content(message: Message, speaks: Platform) -> str:
    """Of a message whose content the platform did not hand out: its reason. Empty when it gave none."""
    return receiving_of(speaks).explain(message.error) if message.error else ""


def _infected(attachment: Attachment) -> str:
    words = _("L’antivirus vi ha trovato «%(name)s»: il file è stato eliminato.")
    return words % {"name": isolated(attachment.reason)}


def _why_not_come(attachment: Attachment, receiving: Receiving, now: datetime) -> str:
    if transfers.found_infected(attachment):
        return (
            _infected(attachment)
            + " "
            + _("Chiedi al cittadino che cosa voleva inviare, senza riaprirlo altrove.")
        )
    words = _of_house(attachment)
    if attachment.state == Attachment.State.GONE:
        if attachment.kept_until is not None and attachment.kept_until <= now:
            days = receiving.kept.days
            return ngettext(
                "Chi lo conservava lo tiene un giorno, e non l’ha più. Chiedi al cittadino di inviarlo di nuovo.",
                "Chi lo conservava lo tiene %(days)d giorni, e non l’ha più. Chiedi al cittadino di inviarlo di nuovo.",
                days,
            ) % {"days": days}
        return _("%(why)s Se serve, chiedi al cittadino di inviarlo di nuovo.") % {
            "why": receiving.explain(attachment.code)
        }
    return str(words) if words else receiving.explain(attachment.code)


def _why_not_gone(attachment: Attachment, speaks: Platform) -> str:
    if transfers.found_infected(attachment):
        return _infected(attachment)
    if attachment.state == Attachment.State.FAILED and not attachment.code and not attachment.cause:
        return str(attachment.reason)
    words = str(_of_house(attachment) or speaks.explain(attachment.code))
    if attachment.state == Attachment.State.FAILED and attachment.cause:
        return _("%(why)s Dopo 24 ore dall’ultimo messaggio del cittadino non si può più inviare.") % {
            "why": words
        }
    return words
