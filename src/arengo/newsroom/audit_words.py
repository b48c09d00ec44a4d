# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the log says of this room's actions, and what it calls their objects."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy as _

from arengo.core import log_entries
from arengo.core.clean_text import isolated
from arengo.core.log_entries import Named
from arengo.newsroom.models import Update

_VERBS = {
    # Until delivery/templates had them: the log keeps such entries.
    "newsroom.created_templates": _("ha inviato modelli a Meta per l’approvazione"),
    "newsroom.discarded": _("ha scartato un aggiornamento"),
    "newsroom.drafted": _("ha scritto una bozza"),
    "newsroom.published": _("ha pubblicato un aggiornamento"),
    "newsroom.retried": _("ha riprovato una pubblicazione"),
    "newsroom.retried_failed": _("ha riprovato gli invii non riusciti"),
    "newsroom.sent_unknown_again": _("ha inviato di nuovo messaggi dall’esito sconosciuto"),
    "newsroom.stopped": _("ha fermato un invio"),
}
_DETAILS = {
    "attempt": _("tentativo"),
    "codes": _("codici"),
    "names": _("quali"),
    "not_sent": _("non partiti, con ogni probabilità"),
    "only_not_sent": _("solo quelli"),
    "outlet": _("dove"),
    "outlets": _("dove"),
    "recipients": _("destinatari"),
    "topics": _("temi"),
    "quarters": _("quartieri"),
    "unknown": _("esito sconosciuto"),
}


def _updates(ids: Collection[int]) -> Mapping[int, Named]:
    return {
        each.pk: Named(
            gettext("aggiornamento «%(title)s»") % {"title": isolated(each.title or each.pk)},
            reverse("newsroom:update", args=[each.pk]),
        )
        for each in Update.objects.filter(pk__in=ids)
    }


def register() -> None:
    log_entries.room("newsroom", _("la redazione"), order=20)
    log_entries.verbs(_VERBS)
    log_entries.details("newsroom", _DETAILS)
    log_entries.objects("newsroom.Update", _("aggiornamento"), _updates)
