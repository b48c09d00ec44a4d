# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the citizen will read what somebody is writing, by the same rules that show every message (``core.chat_text``)."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from arengo.core import outside
from arengo.core.access import WRITE, staff
from arengo.core.models import Role
from arengo.core.screens import Screen, render_screen

_MOST = 20_000  # characters; a message has 4,096


@dataclass(frozen=True)
class Formatted(Screen):
    text: str


@staff(Role.OPERATOR, methods=WRITE)
def preview(request: HttpRequest) -> HttpResponse:
    text = outside.text(request.POST.get("text"), most=_MOST)
    return render_screen(request, "desk/partials/formatted.html", Formatted(text))
