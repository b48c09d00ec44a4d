# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The choice of language on public pages; in the console it is the person's own (accounts/views.py)."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from arengo.core import languages, outside
from arengo.core.public_forms import came_from, public_form


@public_form
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    return leading_back(request, chosen(request))


def chosen(request: HttpRequest) -> str:
    """The language that the form names; "" for none that Arengo speaks."""
    return languages.known(outside.text(request.POST.get("language")))


def leading_back(request: HttpRequest, language: str) -> HttpResponse:
    """To the page of the form, with the language in the browser's cookie."""
    target = outside.text(request.POST.get("next"), most=1000) or outside.text(came_from(request), most=1000)
    own = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    # Never by redirect(), which takes a word without a slash for the name of a view.
    response = HttpResponseRedirect(target if own and target.startswith("/") else "/")
    if language:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=31_536_000,
            samesite="Lax",
            secure=settings.PRODUCTION,
            httponly=True,
        )
    return response
