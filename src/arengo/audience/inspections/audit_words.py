# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the log says of archives of proofs."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy as _

from arengo.core import log_entries
from arengo.core.log_entries import Named

_VERBS = {
    "audience.asked_for_proofs": _("ha chiesto l’archivio di tutte le prove"),
    "audience.took_proofs": _("ha scaricato l’archivio di tutte le prove"),
}


def _archives(ids: Collection[int]) -> Mapping[int, Named]:
    return {
        pk: Named(gettext("archivio n. %(number)d") % {"number": pk}, reverse("audience:inspections"))
        for pk in ids
    }


def register() -> None:
    log_entries.verbs(_VERBS)
    log_entries.objects("audience_inspections.Inspection", _("archivio"), _archives)
