# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Forms on pages that are the same for everybody: such a page can hold no token, so the browser says where a form comes from.

Every browser that is in use sends ``Sec-Fetch-Site`` or ``Origin`` with a form. What sends neither, nor a ``Referer``, is no
browser, and nobody can make it send a form against its user's will.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.http.request import split_domain_port
from django.http.response import HttpResponseBase
from django.views.csrf import csrf_failure
from django.views.decorators.csrf import csrf_exempt

V = TypeVar("V", bound=Callable[..., HttpResponseBase])

_MARK = "_public_form"


def public_form(view: V) -> V:
    """Instead of the CSRF token: refuses (403) a form that another site made the browser send.

    Only for deeds that need no account: with one, the token is what protects.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD", "OPTIONS") and comes_from_elsewhere(request):
            return csrf_failure(request, reason="another site")
        return view(request, *args, **kwargs)

    setattr(guarded, _MARK, True)
    return csrf_exempt(guarded)  # type: ignore[return-value]  # same signature


def is_public_form(view: Callable[..., Any]) -> bool:
    return bool(getattr(view, _MARK, False))


def comes_from_elsewhere(request: HttpRequest) -> bool:
    """Whether the browser says that a page of another site sent this."""
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site not in ("same-origin", "none")
    said = request.headers.get("Origin") or request.headers.get("Referer")
    if not said:
        return False
    try:
        host = urlsplit(said).hostname
    except ValueError:
        return True
    # Without ports: a proxy may not pass on the one by which it was reached.
    return host != split_domain_port(request.get_host().lower())[0].strip("[]")


def came_from(request: HttpRequest) -> str:
    """The path, with its query, of our page on which the form stands; "" when the browser does not say."""
    try:
        parts = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return ""
    if parts.hostname != split_domain_port(request.get_host().lower())[0].strip("[]"):
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
