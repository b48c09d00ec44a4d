# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""«Duplica», in the editor and on the page of a sent update."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from arengo.core.access import WRITE, person_of, staff
from arengo.core.screens import Screen
from arengo.newsroom.copying import verbs
from arengo.newsroom.models import Update
from arengo.newsroom.parts import Part, Place
from arengo.newsroom.roles import WRITERS


@dataclass(frozen=True)
class Original(Screen):
    update: Update


def _button(_request: HttpRequest, update: Update | None) -> Screen | None:
    return Original(update) if update is not None else None


PARTS = (
    Part("copying.editor", Place.EDITOR_FOOT, "newsroom/copying/button.html", 10, _button),
    Part("copying.sent", Place.SENT, "newsroom/copying/button.html", 10, _button),
)


@staff(*WRITERS, methods=WRITE)
def duplicate(request: HttpRequest, pk: int) -> HttpResponse:
    update = get_object_or_404(Update.objects.select_related("organization"), pk=pk)
    made = verbs.duplicate(update, by=person_of(request))
    messages.success(request, _("Questa è una copia: l'originale resta com'è."))
    return redirect("newsroom:edit", made.pk)
