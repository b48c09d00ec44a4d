# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A form that was sent and could not be taken, because its page is older than the sign-in: its words are given back.

Never secrets and never files. A page of another site gets nothing of it shown in our name; the button that sends it once
more is only for what a page of ours sent, since a press on it stands for the person's will.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from arengo.core.console_address import CONSOLE
from arengo.core.drafts import FIELD, UNREADABLE, number_of
from arengo.core.error_pages import error_page
from arengo.core.screens import Screen

_SECRET = re.compile(r"pass|token|secret|otp|pin$|key$|code|credential|recovery", re.IGNORECASE)
_OURS = frozenset({"csrfmiddlewaretoken", FIELD})
_MOST_FIELDS, _MOST_CHARACTERS = 200, 200_000  # beyond them nothing is shown again
_WORDS = re.compile(r"[^\W\d_]{2}")
_HIDDEN = re.compile(r"[\w.:/+-]*", re.ASCII)  # numbers, choices, addresses: nobody typed a sentence


@dataclass(frozen=True)
class Typed:
    name: str
    value: str

    @property
    def is_text(self) -> bool:
        """Words that a person typed, and not a choice or a number of the page's own."""
        return bool(_WORDS.search(self.value)) and not _HIDDEN.fullmatch(self.value)


@dataclass(frozen=True)
class Given:
    """``fields``: all that may be shown. ``whole``: nothing was left out, so that it can be sent once more."""

    fields: list[Typed]
    whole: bool

    @property
    def has_words(self) -> bool:
        return any(field.is_text for field in self.fields)


def is_secret(name: str) -> bool:
    """Whether a form's field of this name holds what is never shown again and never changed."""
    return name in _OURS or _SECRET.search(name) is not None


def given(request: HttpRequest) -> Given:
    """What a form sent. Empty when a page of another site sent it, or when it could not be read."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    elsewhere = site not in (None, "same-origin", "none") or origin not in (None, _origin(request))
    if request.method != "POST" or elsewhere:
        return Given([], whole=False)
    try:
        lists = list(request.POST.lists())
        files = bool(request.FILES)
    except UNREADABLE:
        return Given([], whole=False)
    fields = [
        Typed(name, value)
        for name, values in lists
        if name not in _OURS and not _SECRET.search(name)
        for value in values
    ]
    left_out = files or any(_SECRET.search(name) for name, _values in lists if name not in _OURS)
    if len(fields) > _MOST_FIELDS or sum(len(field.value) for field in fields) > _MOST_CHARACTERS:
        return Given([], whole=False)
    return Given(fields, whole=not left_out)


@dataclass(frozen=True)
class TokenRefused(Screen):
    """``resend``: where a press sends it once more; "" where it must be typed anew."""

    given: Given
    resend: str
    back: str


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403. A page that was open before a new sign-in sends the token of the former one.

    The page's script renews its token and sends again (frontend/js/csrf.js): the header tells it why.
    """
    shown = given(request)
    signed_in = request.user.is_authenticated
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    ours = site == "same-origin" or origin == _origin(request)
    may_resend = signed_in and shown.whole and shown.fields and ours
    page = TokenRefused(
        given=shown, resend=request.get_full_path() if may_resend else "", back=page_of(request)
    )
    response = error_page(request, "403_csrf.html", page, status=403)
    response["X-Arengo-Csrf"] = "1"
    response["Cache-Control"] = "no-store"
    return response


def signed_out(request: HttpRequest) -> HttpResponse | None:
    """For a form that was sent without a session and without a script that would keep its words; None for all else."""
    if number_of(request):
        return None
    shown = given(request)
    if not shown.has_words:
        return None
    response = render(
        request, "signed_out.html", {"given": shown, "sign_in": sign_in_address(request)}, status=401
    )
    response["Cache-Control"] = "no-store"
    return response


def sign_in_address(request: HttpRequest) -> str:
    """From there back to the page that held the form: what takes a form can often not be opened."""
    return f"{reverse('account_login')}?{urlencode({'next': page_of(request)})}"


def page_of(request: HttpRequest) -> str:
    """The page that sent this: of a form the one that holds it, where the browser tells it."""
    if request.method == "POST":
        referer = request.headers.get("Referer", "")
        if url_has_allowed_host_and_scheme(referer, {request.get_host()}):
            parts = urlsplit(referer)
            if parts.path.startswith(CONSOLE):
                return f"{parts.path}?{parts.query}" if parts.query else parts.path
    return request.get_full_path()


def _origin(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"
