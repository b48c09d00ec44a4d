# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The choice of language, on public pages and in the console alike."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from arengo.core import outside
from arengo.core.public_forms import came_from, public_form


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
