# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list as an outlet."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import CharField, F, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext, gettext_lazy as _, ngettext

from arengo.core import outside
from arengo.core.models import Organization, Person
from arengo.delivery.models import Fanout
from arengo.newsroom.drafts import Draft
from arengo.newsroom.models import Placement
from arengo.newsroom.outlets.base.contract import Figures, Outlet, OutletWords, Partials, Placed, Said
from arengo.newsroom.outlets.whatsapp_list import KEY, outcome, placing
from arengo.newsroom.outlets.whatsapp_list.plan import ListPlan


class WhatsAppList(Outlet):
    key = KEY
    words = OutletWords(
        name=_("Lista WhatsApp"),
        on=_("sulla lista"),
        alone=_("Solo alla lista WhatsApp"),
        where=_("sul loro telefono"),
        shown=_("Sul telefono"),
    )
    partials = Partials(
        face="newsroom/list/phone.html",
        preview="newsroom/list/preview.html",
        estimate="newsroom/list/estimate.html",
        who="newsroom/list/who.html",
        cost="newsroom/list/cost.html",
        duration="newsroom/list/duration.html",
        notes="newsroom/list/notes.html",
        sent="newsroom/list/sent.html",
    )
    urls = "arengo.newsroom.outlets.whatsapp_list.urls"

    def plan(self, draft: Draft, organization: Organization) -> ListPlan:
        return ListPlan(self, draft, organization)

    def place(self, placement: Placement) -> Placed:
        return placing.place(placement)

    def outcome(self, placement: Placement) -> outcome.ListOutcome:
        return outcome.shown(placement)

    def retry(self, placement: Placement, *, by: Person, codes: list[int] | None = None) -> Said:
        moved = outcome.retry(placement, by=by, codes=codes)
        if moved:
            words = ngettext("%(count)d messaggio riparte.", "%(count)d messaggi ripartono.", moved)
            return Said(words % {"count": moved}, done=True)
        words = gettext(
            "Nessun messaggio riparte: chi non l'ha ricevuto non è più iscritto, o è già ripartito."
        )
        return Said(words, done=False)

    def stop(self, placement: Placement, *, by: Person) -> Said:
        spared = outcome.stop(placement, by=by)
        if spared:
            words = ngettext(
                "Invio fermato: %(count)d messaggio non parte.",
                "Invio fermato: %(count)d messaggi non partono.",
                spared,
            )
            return Said(words % {"count": spared}, done=True)
        return Said(gettext("Non c'era più nulla da fermare: i messaggi erano già partiti."), done=False)

    def figures(self, placements: Collection[Placement]) -> Mapping[int, Figures]:
        by_mailing = {pk: one.pk for one in placements if (pk := outside.whole(one.reference)) is not None}
        return {
            by_mailing[each.pk]: Figures(
                each.total, each.n_accepted, each.n_delivered, each.n_read, each.n_failed
            )
            for each in Fanout.objects.filter(pk__in=by_mailing)
        }

    def leaving(self) -> QuerySet[Any]:
        """By the mailing's own counters: asking each of its deliveries would cost too much for a list."""
        on_their_way = (
            Fanout.objects.filter(
                stopped_at__isnull=True, total__gt=F("n_accepted") + F("n_failed") + F("n_unknown")
            )
            .annotate(called=Cast("pk", CharField()))
            .values("called")
        )
        found: QuerySet[Any] = Placement.objects.filter(outlet=KEY, reference__in=on_their_way).values(
            "update_id"
        )
        return found
