# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody else answers from our number: the banner, what to do about it, and that an administrator knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _, ngettext

from arengo.core.access import WRITE, membership_of, person_of, staff
from arengo.core.banners import Banner, Link
from arengo.core.models import Role
from arengo.core.screens import Screen, render_screen
from arengo.delivery.models import Sender
from arengo.desk import routing
from arengo.desk.models import Conversation
from arengo.desk.names import called
from arengo.intake import responders
from arengo.intake.responders import Noticed

_MOST = 50  # conversations on the page


def banner(request: HttpRequest) -> list[Banner]:
    """For operators and administrators, while a second responder is not acknowledged."""
    membership = membership_of(request)
    if membership is None or not membership.has(Role.OPERATOR, Role.ADMINISTRATOR):
        return []
    found = responders.noticed()
    if not found:
        return []
    number = routing.held_count()
    since = timezone.localtime(found[0].since)
    day, clock = date_format(since, "j F").lower(), date_format(since, "H:i")
    when = _("Dal %(day)s alle %(clock)s") % {"day": day, "clock": clock}
    if since.date() == timezone.localdate():
        when = _("Da oggi alle %(clock)s") % {"clock": clock}
    text = _("%(when)s WhatsApp consegna alcune conversazioni a un altro risponditore, non a noi.") % {
        "when": when
    }
    if number:
        people = ngettext("Adesso: %(number)d cittadino.", "Adesso: %(number)d cittadini.", number)
        text = f"{text} {people % {'number': number}}"
    links = [Link(_("Che cosa fare"), reverse("desk:responder"))]
    if membership.has(Role.ADMINISTRATOR):
        links.append(Link(_("Stato del servizio"), reverse("settings:status")))
    return [Banner("second-responder", _("Qualcun altro risponde da questo numero."), text, tuple(links))]


@dataclass(frozen=True)
class ResponderPage(Screen):
    """``held``: conversations that somebody else has, with the citizen's name."""

    senders: Sequence[tuple[Sender, Noticed]]
    held: Sequence[tuple[Conversation, str]]
    may_acknowledge: bool


@staff(Role.OPERATOR, Role.AUDITOR)
def responder(request: HttpRequest) -> HttpResponse:
    """The action, and the responder that it concerns."""
    noticed = {one.sender_id: one for one in responders.noticed()}
    membership = membership_of(request)
    held = (
        Conversation.objects.filter(held_by_other=True)
        .select_related("contact", "identity", "sender")
        .order_by("-held_at")[:_MOST]
    )
    senders = Sender.objects.filter(pk__in=list(noticed)).order_by("pk")
    page = ResponderPage(
        senders=[(sender, noticed[sender.pk]) for sender in senders],
        held=[(conversation, called(conversation)) for conversation in held],
        may_acknowledge=membership is not None and membership.has(Role.ADMINISTRATOR),
    )
    return render_screen(request, "desk/responder.html", page)


@staff(Role.ADMINISTRATOR, methods=WRITE)
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    sender = get_object_or_404(Sender.objects, pk=pk)
    responders.acknowledge(sender.pk, by=person_of(request))
    messages.success(request, _("L’avviso torna se un altro risponditore si fa vivo di nuovo."))
    return redirect("desk:responder")
