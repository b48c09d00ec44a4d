# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page of the search, and the preview of one of its hits."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from arengo.core.access import staff
from arengo.core.models import Role
from arengo.core.screens import render_screen
from arengo.desk.models import Conversation
from arengo.desk.search.asking import asked
from arengo.desk.search.preview import PreviewPart, preview
from arengo.desk.search.screens import SearchPage, results


@staff(Role.OPERATOR, Role.AUDITOR)
def search_page(request: HttpRequest) -> HttpResponse:
    """``?q=…`` and filters; with ``apri=<conversation>`` that conversation is shown beside the hits."""
    wanted = asked(request)
    opened = None
    if wanted.opened is not None and not wanted.query.is_empty:
        conversation = _of_desks(wanted.filters.desks).filter(pk=wanted.opened).first()
        opened = preview(request, wanted, conversation) if conversation else None
    return render_screen(
        request, "desk_search/search.html", SearchPage(asked=wanted, results=results(wanted), preview=opened)
    )


@staff(Role.OPERATOR, Role.AUDITOR)
def preview_part(request: HttpRequest, pk: int) -> HttpResponse:
    wanted = asked(request)
    conversation = get_object_or_404(_of_desks(wanted.filters.desks), pk=pk)
    part = PreviewPart(asked=wanted, preview=preview(request, wanted, conversation))
    return render_screen(request, "desk_search/partials/preview.html", part)


def _of_desks(desks: tuple[int, ...]) -> QuerySet[Conversation]:
    return Conversation.objects.filter(desk_id__in=desks).select_related(
        "contact", "identity", "sender", "desk", "assignee"
    )
