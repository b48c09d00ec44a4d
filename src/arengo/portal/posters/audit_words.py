# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the log says of places."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from arengo.core import log_entries
from arengo.core.clean_text import isolated
from arengo.core.log_entries import Named
from arengo.portal.posters.models import Place


def _places(ids: Collection[int]) -> Mapping[int, Named]:
    return {
        each.pk: Named(isolated(each), reverse("settings:place", args=[each.pk]))
        for each in Place.objects.filter(pk__in=ids)
    }


def register() -> None:
    log_entries.room("portal", _("il sito pubblico"), order=35)
    log_entries.verbs(
        {
            "portal.added_place": _("ha aggiunto un luogo dei codici QR"),
            "portal.changed_place": _("ha cambiato un luogo dei codici QR"),
        }
    )
    log_entries.objects("portal_posters.Place", _("luogo"), _places)
