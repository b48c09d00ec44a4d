# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The screens of the desk: the lists, one conversation, and the parts of both that live updates ask for again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from arengo.core import outside
from arengo.core.access import membership_of, organization_of, staff
from arengo.core.models import Role
from arengo.core.prepared import prepared
from arengo.core.screens import render_screen
from arengo.desk import inbox
from arengo.desk.desks import seen_by
from arengo.desk.lists.screens import listed
from arengo.desk.marks import with_marks
from arengo.desk.models import Conversation
from arengo.desk.screens import Closed, DeskPage, PanelPart, just_closed, panel


def found_conversation(request: HttpRequest, pk: int) -> Conversation:
    """Of a desk that this person sees; 404 for any other."""
    found = (
        with_marks(seen_by(membership_of(request)))
        .select_related(
            "contact",
            "identity__subscription__replaced_by__subscription",
            "assignee",
            "sender",
            "desk",
            "freed__person",
            "follow_up__person",
        )
        .annotate(reacted=inbox.reacted())
    )
    with prepared():
        conversation: Conversation = get_object_or_404(found, pk=pk)
    conversation.organization = organization_of(request)  # it is the scope's
    return conversation


def _page(request: HttpRequest, page: DeskPage) -> HttpResponse:
    """htmx swaps the desk alone; everything else gets the whole page."""
    swaps = request.headers.get("HX-Request") == "true" and request.headers.get("HX-Target") == "desk"
    return render_screen(request, "desk/swapped.html" if swaps else "desk/page.html", page)


def _closed(request: HttpRequest) -> Closed | None:
    """Where a closing led here without JavaScript."""
    return just_closed(request, outside.whole(request.GET.get("chiusa")))


@staff(Role.OPERATOR, Role.AUDITOR)
def inbox_page(request: HttpRequest) -> HttpResponse:
    return _page(request, DeskPage(listed(request, None), closed=_closed(request)))


@staff(Role.OPERATOR, Role.AUDITOR)
def conversation_page(request: HttpRequest, pk: int) -> HttpResponse:
    conversation = found_conversation(request, pk)
    page = DeskPage(listed(request, conversation), panel(request, conversation), closed=_closed(request))
    return _page(request, page)


@staff(Role.OPERATOR, Role.AUDITOR)
def panel_part(request: HttpRequest, pk: int) -> HttpResponse:
    part = PanelPart(panel(request, found_conversation(request, pk)))
    return render_screen(request, "desk/partials/conversation.html", part)
