# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list as an outlet."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext, gettext_lazy as _, ngettext

from arengo.core import outside
from arengo.core.models import Organization, Person
from arengo.delivery.models import Fanout
from arengo.delivery.spending.figures import of_mailings
from arengo.newsroom.drafts import Draft
from arengo.newsroom.models import Placement
from arengo.newsroom.outlets.base.contract import Again, Figures, Outlet, OutletWords, Partials, Placed, Said
from arengo.newsroom.outlets.whatsapp_list import KEY, outcome, placing, retrying
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

    def again(self, placement: Placement, organization: Organization, *, codes: list[int] | None) -> Again:
        return retrying.again(placement, organization, codes=codes)

    def retry(
        self,
        placement: Placement,
        *,
        by: Person,
        codes: list[int] | None = None,
        attempt: int | None = None,
    ) -> Said:
        moved = retrying.retry(placement, by=by, codes=codes, attempt=attempt)
        if moved:
            words = ngettext("%(count)d messaggio riparte.", "%(count)d messaggi ripartono.", moved)
            return Said(words % {"count": moved}, done=True)
        words = gettext(
            "Nessun messaggio riparte: chi non l'ha ricevuto non è più iscritto, o è già ripartito."
        )
        stands = retrying.again(placement, placement.organization, codes=codes).obstacle
        return Said(stands or words, done=False)

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
        mailings = Fanout.objects.select_related("sender").filter(pk__in=by_mailing)
        spent = of_mailings(list(by_mailing))
        return {
            by_mailing[each.pk]: replace(
                outcome.figures_of(each), spent=spent[each.pk].words if each.pk in spent else ""
            )
            for each in mailings
        }

    def leaving(self) -> QuerySet[Any]:
        """By the mailing's own counters: asking each of its deliveries would cost too much for a list."""
        on_their_way = (
            Fanout.objects.filter(Q(n_waiting__gt=0) | Q(filled_at=None), stopped_at__isnull=True)
            .annotate(called=Cast("pk", CharField()))
            .values("called")
        )
        found: QuerySet[Any] = Placement.objects.filter(outlet=KEY, reference__in=on_their_way).values(
            "update_id"
        )
        return found
