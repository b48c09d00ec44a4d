# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The colleagues that have an update open or write in it (``core/presence.py``)."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from arengo.core import presence
from arengo.core.access import WRITE, person_of, staff
from arengo.core.models import Person
from arengo.core.screens import Screen
from arengo.newsroom.models import Update
from arengo.newsroom.parts import Part, Place
from arengo.newsroom.presence import TOPIC
from arengo.newsroom.roles import WRITERS


@dataclass(frozen=True)
class WhoIsHere(Screen):
    update: Update
    person: Person


def _line(request: HttpRequest, update: Update | None) -> Screen | None:
    return WhoIsHere(update, person_of(request)) if update is not None else None


PART = Part("presence", Place.HEAD, "newsroom/presence/line.html", 10, _line)


@staff(*WRITERS, methods=WRITE)
def tell(request: HttpRequest, pk: int) -> HttpResponse:
    update = get_object_or_404(Update.objects.only("pk"), pk=pk)
    return presence.tell(request, TOPIC, "update", update.pk)
