# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the log says of the desks that an organization has."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy as _

from arengo.core import log_entries
from arengo.core.clean_text import isolated
from arengo.core.log_entries import Named
from arengo.desk.models import Desk

_VERBS = {
    "desk.made_desk": _("ha aggiunto uno sportello"),
    "desk.changed_desk": _("ha cambiato uno sportello"),
    "desk.changed_promise": _("ha cambiato il tempo di risposta promesso"),
}
_DETAILS = {"minutes": _("minuti"), "changed": _("cambiati")}


def _desks(ids: Collection[int]) -> Mapping[int, Named]:
    return {
        desk.pk: Named(
            gettext("sportello %(name)s") % {"name": isolated(desk)}, reverse("settings:desk", args=[desk.pk])
        )
        for desk in Desk.objects.filter(pk__in=ids)
    }


def register() -> None:
    log_entries.verbs(_VERBS)
    log_entries.details("desk", _DETAILS)
    log_entries.objects("desk.Desk", _("sportello"), _desks)
