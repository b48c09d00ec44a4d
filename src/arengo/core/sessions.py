# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long somebody stays signed in: twelve hours at most, and an hour after they last did something themselves.

What a page asks for by itself (its live parts, the tabs' counters, pictures, the stream) does not prolong a session. Only
what a browser says a person did counts: opening a page, sending a form, or a request of a page's that carries
``X-Arengo-Act`` (frontend/js/presence.js sets it after a key or the pointer was used). A forged mark gains what opening
a page would give.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpRequest, HttpResponse

_BEGAN, _ACTED = "began_at", "acted_at"  # seconds since 1970, in the session
_WRITTEN_EVERY = 60  # seconds between two writes of the clock

# Not "cookies": the mark of a known browser stays. In browsers without this header frontend/js/drafts.js does it.
_CLEAR = '"cache", "storage"'


def by_person(request: HttpRequest) -> bool:
    """Whether a person did this, and not the page by itself."""
    if "HX-Request" in request.headers:
        return request.headers.get("X-Arengo-Act") == "person"
    if request.method not in {"GET", "HEAD"}:
        return True
    mode = request.headers.get("Sec-Fetch-Mode")  # sent by every current browser over https
    if mode:
        return mode == "navigate"
    return "text/event-stream" not in request.headers.get("Accept", "")


def seconds_left(request: HttpRequest) -> int:
    """Until the session ends whatever is done; 0 for nobody."""
    session = getattr(request, "session", None)
    if session is None or _BEGAN not in session:
        return 0
    return max(0, int(session[_BEGAN]) + settings.SESSION_COOKIE_AGE - int(time.time()))


def seconds_if_idle(session: Mapping[str, Any]) -> int:
    """Until it is over if nobody does anything: its twelve hours, or an hour after the last act. 0 once it is over."""
    now = int(time.time())
    began, acted = int(session.get(_BEGAN, now)), int(session.get(_ACTED, now))
    return max(0, min(began + settings.SESSION_COOKIE_AGE, acted + settings.SESSION_IDLE_AGE) - now)


def is_over(session: Mapping[str, Any]) -> bool:
    """Whether its twelve hours are over, or nobody has done anything for an hour."""
    return seconds_if_idle(session) == 0


class SessionClockMiddleware:
    """Ends sessions that are over; sets the answer to a sign-out so that the browser keeps nothing of it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(time.time())
            began = int(request.session.get(_BEGAN, now))
            acted = int(request.session.get(_ACTED, now))
            if is_over(request.session):
                # Not logout(): that is the person's own wish, and takes away what was being written.
                request.session.flush()
                request.user = AnonymousUser()
            elif _BEGAN not in request.session or (now - acted >= _WRITTEN_EVERY and by_person(request)):
                request.session[_BEGAN], request.session[_ACTED] = began, now
        response = self.get_response(request)
        if getattr(request, "signed_out", False):
            response["Clear-Site-Data"] = _CLEAR
        return response


def _signed_in(request: HttpRequest | None = None, **rest: object) -> None:
    if request is not None:
        request.session[_BEGAN] = request.session[_ACTED] = int(time.time())


def _signed_out(request: HttpRequest | None = None, **rest: object) -> None:
    if request is not None:
        request.signed_out = True  # type: ignore[attr-defined]  # read by the middleware


user_logged_in.connect(_signed_in, dispatch_uid="arengo.sessions")
user_logged_out.connect(_signed_out, dispatch_uid="arengo.sessions")
