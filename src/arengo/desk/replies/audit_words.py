# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the log says of canned replies."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy as _

from arengo.core import log_entries
from arengo.core.clean_text import isolated
from arengo.core.log_entries import Named
from arengo.desk.replies.models import CannedReply

_VERBS = {
    "desk.added_reply": _("ha scritto una risposta pronta"),
    "desk.changed_reply": _("ha cambiato una risposta pronta"),
    "desk.checked_reply": _("ha verificato una risposta pronta"),
    "desk.removed_reply": _("ha eliminato una risposta pronta"),
    "desk.imported_replies": _("ha importato risposte pronte da una tabella"),
}


def _replies(ids: Collection[int]) -> Mapping[int, Named]:
    return {
        each.pk: Named(
            gettext("risposta pronta «%(title)s»") % {"title": isolated(each.title)},
            reverse("settings:reply", args=[each.pk]),
        )
        for each in CannedReply.objects.filter(pk__in=ids)
    }


def register() -> None:
    log_entries.verbs(_VERBS)
    log_entries.details("desk", {"count": _("quante")})
    log_entries.objects("desk_replies.CannedReply", _("risposta pronta"), _replies)
