# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The console's door, and the tabs of an open page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from arengo.core import outside
from arengo.core.access import staff
from arengo.core.banners import Banner, banners
from arengo.core.console import header_links
from arengo.core.console.header_links import Shown
from arengo.core.console.tabs import Entry, entries
from arengo.core.screens import Screen, render_screen


@staff()
def home(request: HttpRequest) -> HttpResponse:
    """To the first tab that this person may open."""
    tabs = entries(request)
    if not tabs:
        raise Http404
    return redirect(tabs[0].url)


@dataclass(frozen=True)
class TabsAgain(Screen):
    """``tabs_of``: the path of the page that they stand on."""

    navigation: Sequence[Entry]
    tabs_of: str
    banners: Sequence[Banner]
    header_links: Sequence[Shown]


@staff()
def tabs(request: HttpRequest) -> HttpResponse:
    """The tabs of the page at ``?da=``, with who waits now, and the banners: open pages ask for them again."""
    page = outside.text(request.GET.get("da"), most=500)
    again = TabsAgain(entries(request, page), page, banners(request, page), header_links.shown(request, page))
    return render_screen(request, "arengo/partials/console_tabs_again.html", again)
