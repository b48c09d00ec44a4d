# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Esporta: what the file will hold, then the file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, gettext as _

from arengo.audience.exports.writing import Writing, count
from arengo.audience.models import Topic
from arengo.audience.people_list.asking import Asked, asked
from arengo.audience.people_list.counts import counts
from arengo.audience.people_list.views import Choice, filters_of, words_of
from arengo.core import audit
from arengo.core.access import FORM, organization_of, person_of, staff
from arengo.core.attempts import attempt
from arengo.core.ceilings import EXPORT_OF_LIST
from arengo.core.models import Role
from arengo.core.screens import Screen, render_screen


@dataclass(frozen=True)
class ExportPage(Screen):
    """``total``: how many there are without filters, in words. ``params``: what the form sends again."""

    asked: Asked
    active: Sequence[Choice]
    total: str
    params: Sequence[tuple[str, str]]


@staff(Role.ADMINISTRATOR, methods=FORM)
def export_people(request: HttpRequest) -> HttpResponseBase:
    """GET says what the file will hold. POST is the file, written while it is sent."""
    topics = dict(Topic.objects.values_list("pk", "name"))
    if request.method != "POST":
        wanted = asked(request.GET, topics)
        many = counts()
        page = ExportPage(
            wanted,
            filters_of(wanted, topics),
            words_of(many.left if wanted.left else many.subscribed),
            list(wanted.params.items()),
        )
        return render_screen(request, "audience_exports/export.html", page)
    wanted, person, organization = asked(request.POST, topics), person_of(request), organization_of(request)
    attempt(EXPORT_OF_LIST, f"person:{person.pk}")
    audit.record(
        "audience.exported_list",
        organization=organization,
        by=person,
        detail={"which": _which(wanted), "count": count(wanted)},
    )
    writing = Writing(organization.pk, organization.zone, get_language() or "it", wanted)
    pieces = _pieces(writing) if isinstance(request, ASGIRequest) else iter(writing)
    answer = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    name = _("usciti-%(day)s.csv") if wanted.left else _("iscritti-%(day)s.csv")
    name %= {"day": timezone.localdate().isoformat()}
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer["Cache-Control"] = "no-store"
    return answer


async def _pieces(writing: Writing) -> AsyncIterator[bytes]:
    """Beside the event loop, which meanwhile answers others."""
    while piece := await asyncio.to_thread(writing.portion):
        yield piece


def _which(wanted: Asked) -> str:
    if wanted.params.keys() - {"chi"}:
        return "filtered"
    return "left" if wanted.left else "everybody"
