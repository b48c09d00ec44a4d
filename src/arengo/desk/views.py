# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The screens of the desk: the lists, one conversation, and the parts of both that live updates ask for again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from arengo.core import outside
from arengo.core.access import staff
from arengo.core.models import Role
from arengo.desk import inbox
from arengo.desk.models import Conversation
from arengo.desk.screens import list_context, panel_context


def found_conversation(pk: int) -> Conversation:
    conversation: Conversation = get_object_or_404(
        Conversation.objects.select_related(
            "contact", "identity__subscription", "assignee", "sender", "organization"
        ).annotate(reacted=inbox.reacted()),
        pk=pk,
    )
    return conversation


def _part_wanted(request: HttpRequest) -> bool:
    """htmx swaps the desk alone; everything else gets the whole page."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Target") == "desk"


@staff(Role.OPERATOR, Role.AUDITOR)
def inbox_page(request: HttpRequest) -> HttpResponse:
    template = "desk/swapped.html" if _part_wanted(request) else "desk/page.html"
    return render(request, template, list_context(request, None))


@staff(Role.OPERATOR, Role.AUDITOR)
def conversation_page(request: HttpRequest, pk: int) -> HttpResponse:
    conversation = found_conversation(pk)
    context = {**list_context(request, conversation), **panel_context(request, conversation)}
    return render(request, "desk/swapped.html" if _part_wanted(request) else "desk/page.html", context)


@staff(Role.OPERATOR, Role.AUDITOR)
def list_part(request: HttpRequest) -> HttpResponse:
    pk = outside.whole(request.GET.get("aperta"))
    opened = Conversation.objects.filter(pk=pk).first() if pk is not None else None
    return render(request, "desk/partials/list.html", {**list_context(request, opened), "with_tabs": True})


@staff(Role.OPERATOR, Role.AUDITOR)
def panel_part(request: HttpRequest, pk: int) -> HttpResponse:
    context = panel_context(request, found_conversation(pk))
    return render(request, "desk/partials/conversation.html", context)
