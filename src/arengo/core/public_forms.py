# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Forms on pages that are the same for everybody: such a page can hold no token, so the browser says where a form comes from.

Every browser that is in use sends ``Sec-Fetch-Site`` or ``Origin`` with a form.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import SplitResult, urlsplit

from django.http import HttpRequest
from django.http.request import split_domain_port
from django.http.response import HttpResponseBase
from django.views.csrf import csrf_failure
from django.views.decorators.csrf import csrf_exempt

V = TypeVar("V", bound=Callable[..., HttpResponseBase])

_MARK = "_public_form"


def public_form(view: V) -> V:
    """Instead of the CSRF token: refuses (403) a form of which the browser does not say that it stands on our page.

    Only for actions that need no account: with one, the token is what protects.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD", "OPTIONS") and not comes_from_here(request):
            return csrf_failure(request, reason="another site")
        return view(request, *args, **kwargs)

    setattr(guarded, _MARK, True)
    return csrf_exempt(guarded)  # type: ignore[return-value]  # same signature


def is_public_form(view: Callable[..., Any]) -> bool:
    return bool(getattr(view, _MARK, False))


def comes_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that a page of this host sent this."""
    if getattr(request, "_dont_enforce_csrf_checks", False):  # Django's test client, as for the token
        return True
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site in ("same-origin", "none")
    return (
        _is_ours(request, request.headers.get("Origin") or request.headers.get("Referer") or "") is not None
    )


def came_from(request: HttpRequest) -> str:
    """The path, with its query, of our page on which the form stands; "" when the browser does not say."""
    parts = _is_ours(request, request.headers.get("Referer") or "")
    if parts is None:
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _is_ours(request: HttpRequest, address: str) -> SplitResult | None:
    """The parts of an address of this host; None for any other. Ports do not count: a proxy may not pass on its own."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return None
    own, _port = split_domain_port(request.get_host().lower())
    return parts if host and host == own.strip("[]") else None
