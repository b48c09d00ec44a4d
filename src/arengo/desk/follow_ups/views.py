# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Da seguire un altro giorno."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from arengo.core import outside
from arengo.core.access import WRITE, membership_of, person_of, staff
from arengo.core.models import Person, Role
from arengo.core.screens import Screen, render_screen
from arengo.desk import handling
from arengo.desk.desks import desks_of
from arengo.desk.doing import act
from arengo.desk.follow_ups import shown, verbs
from arengo.desk.follow_ups.shown import Lines
from arengo.desk.handling import HandlingRefused
from arengo.desk.views import found_conversation


@staff(Role.OPERATOR, methods=WRITE)
def put_off(request: HttpRequest, pk: int) -> HttpResponse:
    conversation = found_conversation(request, pk)
    members = handling.colleagues([conversation.desk_id]).values("person_id")
    to = get_object_or_404(Person, pk=outside.whole(request.POST.get("person")), pk__in=members)
    day = outside.day(request.POST.get("day"))

    def action() -> None:
        if day is None:
            raise HandlingRefused(_("Scegli il giorno in cui seguirla."))
        verbs.put_off(conversation, day=day, to=to, by=person_of(request))

    return act(request, conversation, action)


@staff(Role.OPERATOR, methods=WRITE)
def done(request: HttpRequest, pk: int) -> HttpResponse:
    conversation = found_conversation(request, pk)
    return act(request, conversation, lambda: verbs.done(conversation, by=person_of(request)))


@dataclass(frozen=True)
class FollowUpsPage(Screen):
    lines: Lines


@staff(Role.OPERATOR, Role.AUDITOR)
def follow_ups(request: HttpRequest) -> HttpResponse:
    after = outside.text(request.GET.get("dopo"), most=40)
    return render_screen(
        request,
        "desk_follow_ups/page.html",
        FollowUpsPage(shown.lines(desks_of(membership_of(request)), after=after)),
    )
