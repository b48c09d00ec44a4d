# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The channel on WhatsApp as an outlet: the copy waits in a queue until a person has put it there."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy as _

from arengo.core.models import Organization
from arengo.newsroom.drafts import Draft
from arengo.newsroom.models import Placement
from arengo.newsroom.outlets.base.contract import (
    Obstacle,
    Outcome,
    Outlet,
    OutletWords,
    Partials,
    Placed,
    Plan,
    Waiting,
)
from arengo.newsroom.outlets.byhand import KEY, tasks
from arengo.newsroom.outlets.byhand.models import Reading, Task
from arengo.newsroom.outlets.byhand.text import HandText, text_of


class ByHandPlan(Plan):
    @cached_property
    def _obstacle(self) -> Obstacle | None:
        if tasks.channel_url():
            return None
        words = gettext(
            "manca l'indirizzo del canale. Lo mette chi amministra, in Impostazioni → Canale WhatsApp."
        )
        return Obstacle(words)

    @property
    def obstacle(self) -> Obstacle | None:
        return self._obstacle

    @property
    def preview(self) -> HandText:
        return text_of(self.lines, blank="…")


@dataclass(frozen=True)
class HandOutcome(Outcome):
    """``task`` None: it is not in the queue yet."""

    task: Task | None = None
    readings: Sequence[Reading] = ()


class ByHand(Outlet):
    key = KEY
    words = OutletWords(
        name=_("Canale WhatsApp (a mano)"),
        on=_("sul canale WhatsApp"),
        alone=_("Solo sul canale WhatsApp, a mano"),
        where=_("sul canale WhatsApp, dove lo mette una persona"),
        to=_("al canale WhatsApp"),
        press=_("Metti in coda per il canale WhatsApp"),
        free=_("Nulla: il canale WhatsApp è gratis."),
        shown=_("Sul canale WhatsApp"),
    )
    partials = Partials(
        face="newsroom/byhand/face.html",
        preview="newsroom/byhand/preview.html",
        notes="newsroom/byhand/notes.html",
        sent="newsroom/byhand/sent.html",
    )
    urls = "arengo.newsroom.outlets.byhand.urls"

    def is_offered(self) -> bool:
        return bool(tasks.channel_url())

    def plan(self, draft: Draft, organization: Organization) -> ByHandPlan:
        return ByHandPlan(self, draft, organization)

    def place(self, placement: Placement) -> Placed:
        return Placed(reference=str(tasks.open_task(placement).pk), by_person=True)

    def outcome(self, placement: Placement) -> HandOutcome:
        task = tasks.task_of(placement)
        return HandOutcome(task=task, readings=list(task.readings.all()) if task else [])

    def pages(self, placements: Collection[Placement]) -> Mapping[int, str]:
        return {one.pk: one.url for one in placements if one.url}

    def waiting(self) -> Waiting | None:
        count = tasks.waiting_count()
        return Waiting(count, gettext("Da mettere a mano"), reverse("newsroom:byhand")) if count else None
