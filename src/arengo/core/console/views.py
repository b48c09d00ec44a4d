# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The console's door, and the tabs of an open page."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from arengo.core import outside
from arengo.core.access import staff
from arengo.core.banners import banners
from arengo.core.console.tabs import entries


@staff()
def home(request: HttpRequest) -> HttpResponse:
    """To the first tab that this person may open."""
    tabs = entries(request)
    if not tabs:
        raise Http404
    return redirect(tabs[0].url)


@staff()
def tabs(request: HttpRequest) -> HttpResponse:
    """The tabs of the page at ``?da=``, with who waits now, and the banners: open pages ask for them again."""
    page = outside.text(request.GET.get("da"), most=500)
    context = {"navigation": entries(request, page), "tabs_of": page, "banners": banners(request, page)}
    return render(request, "arengo/partials/console_tabs_again.html", context)
