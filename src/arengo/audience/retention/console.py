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
from arengo.core.retention import nights, periods
from arengo.core.time_words import named_day

_READERS = (Role.ADMINISTRATOR, Role.AUDITOR)


def _state() -> State | None:
    held = Hold.objects.filter(ended_at=None).count()
    if not held:
        return None
    return State(ngettext("%(count)d blocco", "%(count)d blocchi", held) % {"count": held})


def point() -> Point | None:
    """For the overview of the list: a night that did not do its work, else what a new version will take away, else a hold that ends."""
    page = reverse("audience:retention")
    if nights.late():
        return Point(
            "warning",
            gettext("Dati scaduti che non sono stati cancellati"),
            gettext("Il lavoro della notte non è arrivato in fondo. Lo mette a posto chi gestisce Arengo."),
            page,
            _READERS,
        )
    coming = periods.introduced()
    if coming is not None:
        title = gettext("Dal %(day)s si cancella ciò che finora restava") % {"day": named_day(coming, "j F")}
        text = gettext(
            "Messaggi e file di tanto tempo fa, chi è uscito da anni. Guarda per quanto, e decidi."
        )
        return Point("clock", title, text, page, _READERS)
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
    return Point("lock", words % {"count": len(ending)}, text, page, _READERS)


def register() -> None:
    sections.register(
        Section(
            "audience:subscribers",
            _("Conservazione"),
            "audience:retention",
            _READERS,
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
