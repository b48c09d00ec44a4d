# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The banner of a database that is older than it was: to all of the staff, the way to decide to administrators."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from arengo.core.access import membership_of, organization_of
from arengo.core.banners import Banner, Link
from arengo.core.models import Role
from arengo.delivery.timeline.beginning import ALARM


def banner(request: HttpRequest) -> list[Banner]:
    membership = membership_of(request)
    if membership is None or ALARM not in organization_of(request).alarms:
        return []
    page = reverse("settings:withheld")
    way = (Link(_("Guarda e decidi"), page),) if membership.has(Role.ADMINISTRATOR) else ()
    return [
        Banner(
            "restored",
            _("La banca dati è tornata a un momento precedente: ciò che era in coda non parte da solo."),
            _("Forse è già partito: decide un amministratore. I messaggi nuovi partono."),
            way,
            page,
            short=_("Banca dati tornata indietro: la coda aspetta."),
        )
    ]
