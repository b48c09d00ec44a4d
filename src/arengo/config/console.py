# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The console's door, the choice of language, and the pages of errors."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from arengo.config.navigation import entries
from arengo.core import outside
from arengo.core.access import staff
from arengo.core.attempts import refuse
from arengo.core.banners import banners
from arengo.core.public_forms import came_from, public_form


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
    return render(request, "config/tabs_again.html", context)


@public_form
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    chosen = outside.text(request.POST.get("language"))
    target = outside.text(request.POST.get("next"), most=1000) or outside.text(came_from(request), most=1000)
    own = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    # Never by redirect(), which takes a word without a slash for the name of a view.
    response = HttpResponseRedirect(target if own and target.startswith("/") else "/")
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=31_536_000,
            samesite="Lax",
            secure=settings.PRODUCTION,
            httponly=True,
        )
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", {"reason": str(exception)}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The same words at each address: public ones share one answer in memory (serving/public_door.py)."""
    return render(request, "404.html", {"everywhere": True}, status=404)


def too_many(request: HttpRequest) -> HttpResponse:
    """allauth's own limits come here (``handler429``)."""
    return refuse(request)


def server_error(request: HttpRequest) -> HttpResponse:
    return render(request, "500.html", status=500)
