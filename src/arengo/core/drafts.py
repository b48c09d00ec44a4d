# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody is typing, kept by their browser until the server has it (frontend/js/drafts.js, kept.js).

A form that is sent carries the number of its draft. An answer that leads on to another page means that the server has the
words: the next page says so, and only then does the browser forget them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import RawPostDataException
from django.shortcuts import resolve_url

from arengo.core import outside
from arengo.core.vault import vault

FIELD = "_draft"
# What reading a form can raise that is broken, too large, cut off or read already.
UNREADABLE = (BadRequest, SuspiciousOperation, MultiPartParserError, RawPostDataException, OSError)
_DONE = "drafts_done"  # in the session
_MOST = 20  # numbers that wait to be handed out
_NUMBER = re.compile(r"[0-9a-f]{32}", re.ASCII)


def owner_of(request: HttpRequest) -> str:
    """32 hexadecimal digits for a person in an organization, the same at each sign-in; empty for nobody. It tells no id."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return ""
    organization = getattr(getattr(request, "organization", None), "pk", "")
    return vault().lookup(f"drafts\0{organization}\0{user.pk}").hex()[:32]


def number_of(request: HttpRequest) -> str:
    """The number of the draft that this request sends; empty for none."""
    try:
        given = outside.text(request.POST.get(FIELD)) if request.method == "POST" else ""
    except UNREADABLE:
        return ""
    return given if _NUMBER.fullmatch(given) else ""


def take_arrived(request: HttpRequest) -> list[str]:
    """The numbers of the drafts that the server has, each once: they are taken out of the session."""
    session = getattr(request, "session", None)
    if session is None or _DONE not in session:
        return []
    return list(session.pop(_DONE))


class DraftMiddleware:
    """Notes which drafts arrived: an answer that leads on, anywhere but to the sign-in page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code in {302, 303} and request.method == "POST" and request.user.is_authenticated:
            number = number_of(request)
            if number and urlsplit(response["Location"]).path != resolve_url(settings.LOGIN_URL):
                request.session[_DONE] = [*request.session.get(_DONE, []), number][-_MOST:]
        return response
