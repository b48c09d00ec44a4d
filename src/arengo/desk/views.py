# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The screens of the desk: the lists, one conversation, and the parts of both that live updates ask for again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from arengo.core import outside
from arengo.core.access import staff
from arengo.core.models import Role
from arengo.core.screens import render_screen
from arengo.desk import inbox
from arengo.desk.models import Conversation
from arengo.desk.screens import DeskPage, ListPart, PanelPart, listed, panel


def found_conversation(pk: int) -> Conversation:
    conversation: Conversation = get_object_or_404(
        Conversation.objects.select_related(
            "contact", "identity__subscription", "assignee", "sender", "organization"
        ).annotate(reacted=inbox.reacted()),
        pk=pk,
    )
    return conversation


def _page(request: HttpRequest, page: DeskPage) -> HttpResponse:
    """htmx swaps the desk alone; everything else gets the whole page."""
    swaps = request.headers.get("HX-Request") == "true" and request.headers.get("HX-Target") == "desk"
    return render_screen(request, "desk/swapped.html" if swaps else "desk/page.html", page)


@staff(Role.OPERATOR, Role.AUDITOR)
def inbox_page(request: HttpRequest) -> HttpResponse:
    return _page(request, DeskPage(listed(request, None)))


@staff(Role.OPERATOR, Role.AUDITOR)
def conversation_page(request: HttpRequest, pk: int) -> HttpResponse:
    conversation = found_conversation(pk)
    return _page(request, DeskPage(listed(request, conversation), panel(request, conversation)))


@staff(Role.OPERATOR, Role.AUDITOR)
def list_part(request: HttpRequest) -> HttpResponse:
    pk = outside.whole(request.GET.get("aperta"))
    opened = Conversation.objects.filter(pk=pk).first() if pk is not None else None
    return render_screen(request, "desk/partials/list.html", ListPart(listed(request, opened)))


@staff(Role.OPERATOR, Role.AUDITOR)
def panel_part(request: HttpRequest, pk: int) -> HttpResponse:
    part = PanelPart(panel(request, found_conversation(pk)))
    return render_screen(request, "desk/partials/conversation.html", part)
