# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the log says of this room's actions, and what it calls their objects."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy as _

from arengo.audience import touched
from arengo.core import log_entries
from arengo.core.clean_text import isolated
from arengo.core.log_entries import Named
from arengo.desk.models import Conversation, Message
from arengo.desk.names import called

_VERBS = {
    "desk.assigned": _("ha assegnato una conversazione"),
    "desk.closed": _("ha chiuso una conversazione"),
    "desk.moved": _("ha passato una conversazione a un altro sportello"),
    "desk.released": _("ha lasciato libera una conversazione"),
    "desk.reopened": _("ha riaperto una conversazione"),
    "desk.sent_again": _("ha inviato di nuovo una risposta"),
    "desk.sent_approved": _("ha inviato il messaggio approvato per riprendere una conversazione"),
    "desk.took": _("ha preso in carico una conversazione"),
    "desk.undone": _("ha annullato la chiusura di una conversazione"),
    "desk.took_back": _("ha ripreso una conversazione da un altro risponditore"),
}
_DETAILS = {
    "desk": _("sportello"),
    "from_desk": _("prima allo sportello"),
    "message": _("messaggio"),
    "not_sent": _("non partiti, con ogni probabilità"),
    "template": _("modello"),
    "to": _("a"),
    "unknown": _("esito sconosciuto"),
}


def _conversations(ids: Collection[int]) -> Mapping[int, Named]:
    found = Conversation.objects.filter(pk__in=ids).select_related("contact", "identity")
    return {
        each.pk: Named(
            gettext("conversazione con %(name)s") % {"name": isolated(called(each))},
            reverse("desk:conversation", args=[each.pk]),
        )
        for each in found
    }


def _citizens(ids: Collection[int]) -> Iterable[int]:
    """Of conversations that somebody of the staff touched."""
    found: Iterable[int] = (
        Conversation.objects.filter(pk__among=list(ids)).values_list("contact_id", flat=True).distinct()
    )
    return found


def _writers(first: datetime, last: datetime) -> Iterable[int]:
    """What they wrote in that time lay open."""
    said = Message.objects.filter(sent_at__gte=first, sent_at__lt=last, direction=Message.Direction.IN)
    found: Iterable[int] = said.values_list("conversation__contact_id", flat=True).distinct()
    return found


def register() -> None:
    log_entries.room("desk", _("lo sportello"), order=10)
    log_entries.verbs(_VERBS)
    log_entries.details("desk", _DETAILS, people=("to",))
    touched.register("desk.Conversation", _citizens)
    touched.register_writers("desk", _writers)
    log_entries.objects("desk.Conversation", _("conversazione"), _conversations)
