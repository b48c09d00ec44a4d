# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Messages of a mailing of which nobody knows whether they arrived: the evidence, and the press that sends them again."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _, ngettext

from arengo.core import outside
from arengo.core.access import FORM, organization_of, person_of, staff
from arengo.core.screens import Screen, render_screen
from arengo.delivery.prices import pricing
from arengo.delivery.sending import doubts
from arengo.newsroom.models import Placement, Update
from arengo.newsroom.outlets.whatsapp_list import KEY, outcome
from arengo.newsroom.outlets.whatsapp_list.affording import too_dear
from arengo.newsroom.outlets.whatsapp_list.placing import mailing_of
from arengo.newsroom.roles import WRITERS

_ONLY_NOT_SENT, _ALL = "not_sent", "all"


@dataclass(frozen=True)
class UnknownPage(Screen):
    """``only_not_sent`` and ``all``: the two answers, as the form sends them. A cost is None where no price is set."""

    update: Update
    found: doubts.Unknown
    cost_not_sent: pricing.Cost | None
    cost_all: pricing.Cost | None
    only_not_sent: str = _ONLY_NOT_SENT
    all: str = _ALL


@staff(*WRITERS, methods=FORM)
def unknown(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows the evidence and asks which of them; a POST is the answer."""
    placement: Placement = get_object_or_404(
        Placement.objects.select_related("update"), update_id=pk, outlet=KEY
    )
    if request.method == "POST":
        return _send_again(request, placement)
    fanout = mailing_of(placement)
    if fanout is None or not outcome.may_send_unknown(fanout):
        messages.info(request, _("Qui non c'è nessun messaggio dall'esito sconosciuto da inviare di nuovo."))
        return redirect("newsroom:update", pk)
    found = doubts.unknown(fanout)
    organization = organization_of(request)
    costs = [
        pricing.estimate(organization, fanout.sender, fanout.price_category, count)
        for count in (found.not_sent, found.count)
    ]
    page = UnknownPage(placement.update, found, cost_not_sent=costs[0], cost_all=costs[1])
    return render_screen(request, "newsroom/list/unknown.html", page)


def _send_again(request: HttpRequest, placement: Placement) -> HttpResponse:
    chosen = outside.text(request.POST.get("which"))
    if chosen not in (_ONLY_NOT_SENT, _ALL):
        messages.warning(request, _("Scegli quali messaggi inviare di nuovo."))
        return redirect("newsroom:unknown", placement.update_id)
    moved = outcome.send_unknown_again(
        placement,
        by=person_of(request),
        mark=outside.whole(request.POST.get("seen")) or 0,
        only_not_sent=chosen == _ONLY_NOT_SENT,
    )
    if moved:
        words = ngettext("%(count)d messaggio riparte.", "%(count)d messaggi ripartono.", moved)
        messages.success(request, words % {"count": moved})
    elif (fanout := mailing_of(placement)) is not None and (
        dear := too_dear(organization_of(request), fanout, fanout.n_unknown)
    ):
        messages.warning(request, dear)
    else:
        messages.info(
            request,
            _(
                "Nessun messaggio riparte: nel frattempo è arrivata la ricevuta, qualcuno li ha già inviati di nuovo, o "
                "chi doveva riceverli non è più iscritto."
            ),
        )
    return redirect("newsroom:update", placement.update_id)
