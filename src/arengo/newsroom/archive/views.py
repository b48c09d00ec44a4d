# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The archive, the search, and the buttons that put away and take out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from arengo.core import outside
from arengo.core.access import WRITE, person_of, staff
from arengo.core.screens import Screen, render_screen
from arengo.desk.search import query as queries
from arengo.newsroom.archive import finding, verbs
from arengo.newsroom.archive.finding import Hit
from arengo.newsroom.models import Update
from arengo.newsroom.parts import Part, Place
from arengo.newsroom.roles import WRITERS

_A_PAGE = 20


@dataclass(frozen=True)
class SearchPage(Screen):
    """``typed``: as it stands in the box; ``more``: there are more than are shown."""

    typed: str
    hits: Sequence[Hit]
    more: bool
    most: int


@staff(*WRITERS)
def search(request: HttpRequest) -> HttpResponse:
    query = queries.read(outside.text(request.GET.get("q"), most=queries.LONGEST))
    hits, more = finding.hits_of(query)
    page = SearchPage(query.typed, hits, more, finding.MOST)
    return render_screen(request, "newsroom/archive/search.html", page)


@dataclass(frozen=True)
class ArchivePage(Screen):
    page: Page[Update]


@staff(*WRITERS)
def archive(request: HttpRequest) -> HttpResponse:
    away = Update.objects.filter(archived_at__isnull=False).select_related("edited_by")
    page = Paginator(away.order_by("-archived_at", "-pk"), _A_PAGE).get_page(request.GET.get("page"))
    return render_screen(request, "newsroom/archive/archive.html", ArchivePage(page))


@staff(*WRITERS, methods=WRITE)
def put_away(request: HttpRequest, pk: int) -> HttpResponse:
    update = get_object_or_404(Update.objects, pk=pk)
    try:
        verbs.put_away(pk, by=person_of(request))
    except verbs.StillLeaving:
        messages.warning(request, _("È ancora in partenza: si archivia quando è finito."))
        return redirect(update.get_absolute_url())
    messages.success(request, _("Archiviato. Si ritrova nell'archivio e con la ricerca."))
    return redirect("newsroom:updates")


@staff(*WRITERS, methods=WRITE)
def take_out(request: HttpRequest, pk: int) -> HttpResponse:
    update = get_object_or_404(Update.objects, pk=pk)
    verbs.take_out(pk, by=person_of(request))
    messages.success(request, _("Tolto dall'archivio."))
    return redirect(update.get_absolute_url())


@dataclass(frozen=True)
class Shelf(Screen):
    update: Update


def _shelf(_request: HttpRequest, update: Update | None) -> Screen | None:
    return Shelf(update) if update is not None else None


@dataclass(frozen=True)
class Box(Screen):
    """The box of the search, and whether there is an archive to look into."""

    has_archive: bool


def _box(_request: HttpRequest, _update: Update | None) -> Screen:
    return Box(Update.objects.filter(archived_at__isnull=False).exists())


PARTS = (
    Part("archive.box", Place.HOME_TOP, "newsroom/archive/box.html", 10, _box),
    Part("archive.editor", Place.EDITOR_FOOT, "newsroom/archive/button.html", 20, _shelf),
    Part("archive.sent", Place.SENT, "newsroom/archive/button.html", 20, _shelf),
)
