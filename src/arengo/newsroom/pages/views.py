# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""«Leggi la pagina»: what the page of a link says, beside the item that leads there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import ngettext

from arengo.core import outside
from arengo.core.access import WRITE, staff
from arengo.core.screens import Screen, render_screen
from arengo.newsroom.checking import TEXT, URL, url_problem, with_scheme
from arengo.newsroom.models import MOST_ITEMS, Update
from arengo.newsroom.pages import words
from arengo.newsroom.pages.reading import Reading, Trouble, look, read
from arengo.newsroom.roles import WRITERS


@dataclass(frozen=True)
class PageFound(Screen):
    """``line``: what the item could say, of at most as many characters as it may have. ``problem``: why there is none."""

    number: int
    line: str
    description: str
    on: date | None
    address: str
    problem: str
    leads: str


@staff(*WRITERS, methods=WRITE)
def read_page(request: HttpRequest) -> HttpResponse:
    """``number``: the place of the item among those of the editor, whose link is asked for."""
    number = outside.whole(request.POST.get("number"), most=MOST_ITEMS)
    if not number:
        raise Http404
    address = with_scheme(outside.text(request.POST.get(f"url_{number}"), most=URL))
    reading = (
        read(address) if address and not url_problem(address) else Reading(address, address, Trouble.NOT_WEB)
    )
    about = reading.about
    found = PageFound(
        number=number,
        line=_fits(about.title) if about else "",
        description=_fits(about.description) if about else "",
        on=about.on if about else None,
        address=about.address if about else address,
        problem=words.why_not(reading),
        leads=words.where_it_leads(reading),
    )
    return render_screen(request, "newsroom/page_found.html", found)


def _fits(text: str) -> str:
    return text if len(text) <= TEXT else f"{text[: TEXT - 1].rsplit(' ', 1)[0]}…"


@dataclass(frozen=True)
class Looked:
    """``problem``: what keeps people from reading it; ``leads``: where it leads instead."""

    address: str
    problem: str
    leads: str


@dataclass(frozen=True)
class LinksLooked(Screen):
    links: Sequence[Looked]
    troubled: bool
    all_there: str


# What may well open for a person: no reason to worry who sends.
_FINE = (None, Trouble.NOT_HTML, Trouble.TOO_LARGE)


@staff(*WRITERS)
def links(request: HttpRequest, pk: int) -> HttpResponse:
    """Whether each link of an update is there, asked now. For who is about to send it."""
    update = get_object_or_404(Update.objects.prefetch_related("items"), pk=pk)
    readings = look([item.url for item in update.items.all() if item.url])
    looked = [
        Looked(
            reading.asked,
            "" if reading.trouble in _FINE else words.why_not(reading),
            words.where_it_leads(reading),
        )
        for reading in readings.values()
    ]
    screen = LinksLooked(
        links=looked,
        troubled=any(one.problem for one in looked),
        all_there=ngettext("Il collegamento si apre.", "I collegamenti si aprono tutti.", len(looked)),
    )
    return render_screen(request, "newsroom/links.html", screen)
