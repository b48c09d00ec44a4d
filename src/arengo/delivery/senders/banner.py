# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The banner of a number that is stopped: to all who write to people through it, on every page of the console."""

from __future__ import annotations

from django.db.models import Exists, QuerySet
from django.db.models.expressions import Combinable
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from arengo.core.access import membership_of
from arengo.core.banners import Banner, Link
from arengo.core.clean_text import isolated
from arengo.core.models import Role
from arengo.delivery.models import Sender
from arengo.delivery.sending.refusal_words import why_stopped

_CONCERNED = (Role.OPERATOR, Role.EDITOR, Role.APPROVER, Role.ADMINISTRATOR)
_MOST = 3  # banners; an organization has a handful of numbers


def when() -> Combinable:
    """For a query of organizations."""
    return Exists(_stopped())


def banner(request: HttpRequest) -> list[Banner]:
    """One a number; the page of the number says it itself. Administrators get the way to resume it, others whom to ask."""
    membership = membership_of(request)
    if membership is None or not membership.has(*_CONCERNED):
        return []
    resumes = membership.has(Role.ADMINISTRATOR)
    found = []
    for sender in _stopped().order_by("pk")[:_MOST]:
        page = reverse("settings:sender", args=[sender.pk])
        name = isolated(sender.display_phone or sender.name)
        text = isolated(why_stopped(sender.platform, sender.stop_code, sender.stop_reason))
        if not resumes:
            text += " " + _("Chiedi a chi amministra Arengo di farlo ripartire.")
        found.append(
            Banner(
                f"stopped-{sender.pk}",
                _("Il numero %(name)s è fermo: i messaggi partiranno quando riprenderà.") % {"name": name},
                text,
                (Link(_("Guarda e fai ripartire"), page),) if resumes else (),
                page,
                short=_("Numero fermo: niente parte."),
            )
        )
    return found


def _stopped() -> QuerySet[Sender]:
    """Of the scope's organization."""
    found: QuerySet[Sender] = Sender.objects.filter(state=Sender.State.STOPPED)
    return found
