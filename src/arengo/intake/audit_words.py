# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the log says of this room's actions, and what it calls their objects."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy as _

from arengo.core import log_entries
from arengo.core.log_entries import Named

_VERBS = {
    "intake.acknowledged_responder": _("ha preso atto di un altro risponditore sul numero"),
    "intake.archived": _("ha archiviato un arrivo non letto"),
    "intake.replayed": _("ha fatto rileggere un arrivo"),
    "intake.second_responder": _("ha notato un altro risponditore sul numero"),
}


def _arrivals(ids: Collection[int]) -> Mapping[int, Named]:
    return {
        pk: Named(gettext("arrivo %(number)s") % {"number": pk}, reverse("settings:unread")) for pk in ids
    }


def register() -> None:
    log_entries.room("intake", _("la posta in arrivo"), order=60)
    log_entries.verbs(_VERBS)
    log_entries.objects("intake.Journal", _("arrivo"), _arrivals)
