# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where the page stands: under Iscritti, and in the settings."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy as _, ngettext

from arengo.audience import attention
from arengo.audience.attention import Point
from arengo.audience.retention import holding
from arengo.audience.retention.models import Hold
from arengo.core.console import cards, sections
from arengo.core.console.cards import Card, State
from arengo.core.console.sections import Section
from arengo.core.models import Role
from arengo.core.retention import nights


def _state() -> State | None:
    held = Hold.objects.filter(ended_at=None).count()
    if not held:
        return None
    return State(ngettext("%(count)d blocco", "%(count)d blocchi", held) % {"count": held})


def point() -> Point | None:
    """For the overview of the list: a night that did not do its work, else a hold that ends soon."""
    page = reverse("audience:retention")
    if nights.late():
        return Point(
            "warning",
            gettext("Dati scaduti che non sono stati cancellati"),
            gettext("Il lavoro della notte non è arrivato in fondo. Lo mette a posto chi gestisce Arengo."),
            page,
        )
    ending = [
        one
        for one in Hold.objects.filter(ended_at=None, until__isnull=False)
        if one.ends_soon and not holding.is_over(one)
    ]
    if not ending:
        return None
    words = ngettext(
        "%(count)d blocco finisce fra pochi giorni",
        "%(count)d blocchi finiscono fra pochi giorni",
        len(ending),
    )
    text = gettext("Poi i dati della persona si cancellano come gli altri.")
    return Point("lock", words % {"count": len(ending)}, text, page)


def register() -> None:
    sections.register(
        Section(
            "audience:subscribers",
            _("Conservazione"),
            "audience:retention",
            (Role.ADMINISTRATOR, Role.AUDITOR),
            order=55,
        )
    )
    cards.register(
        Card(
            "audience:retention",
            "clock",
            _("Conservazione"),
            _("Per quanto si tengono messaggi, foto, prove; che cosa si cancella stanotte."),
            order=45,
            state=_state,
        )
    )
    attention.register(point)
