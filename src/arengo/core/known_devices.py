# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Browsers in which a person has signed in before (OWASP: device cookies).

Failures from elsewhere do not lock such a browser out. The cookie holds up to five marks, one a person, for shared
computers. A mark is a random number, the day on which it was given, and their HMAC with the person's id and password
hash: it names nobody, is worth nothing for another account, and a change of password ends it.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

from allauth.account.signals import password_reset
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from arengo.core.models import Person

_MOST = 5  # people that one browser is known for
_LASTS = 180 * 24 * 60 * 60  # seconds since the last sign-in
_SALT = "arengo.known_device"


def _proof(person: Person, number: str, given: str) -> str:
    return salted_hmac(
        _SALT, f"{person.pk}|{person.password}|{number}|{given}", algorithm="sha256"
    ).hexdigest()


def _marks(request: HttpRequest) -> list[str]:
    """The cookie's marks, newest first; none when we did not give it."""
    try:
        text = signing.Signer(salt=_SALT).unsign(request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""))
    except signing.BadSignature:
        return []
    marks = [mark for mark in text.split("~") if mark.count(".") == 2]
    given = {mark: mark.split(".")[1] for mark in marks}
    now = time.time()
    return [mark for mark in marks if given[mark].isdigit() and 0 <= now - int(given[mark]) < _LASTS][:_MOST]


def mark_of(request: HttpRequest) -> str:
    """By what a known browser is counted, for all of its users together; empty for one that we do not know."""
    return "".join(f"device {mark.split('.')[0]}" for mark in _marks(request)[:1])


def device_of(request: HttpRequest, person: Person) -> str:
    """The number of this browser for that person; empty where they have not signed in since their password is this one."""
    for mark in _marks(request):
        number, given, proof = mark.split(".")
        if constant_time_compare(proof, _proof(person, number, given)):
            return number
    return ""


def _remember(request: HttpRequest, person: Person, response: HttpResponse) -> None:
    number = device_of(request, person)
    others = [mark for mark in _marks(request) if not number or mark.split(".")[0] != number]
    number, given = number or secrets.token_hex(16), str(int(time.time()))
    marks = [f"{number}.{given}.{_proof(person, number, given)}", *others][:_MOST]
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        signing.Signer(salt=_SALT).sign("~".join(marks)),
        max_age=_LASTS,
        path="/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _proved(request: HttpRequest | None = None, user: Person | None = None, **rest: object) -> None:
    """They signed in, or chose a new password by a link in their mail: from now on this browser is known."""
    if request is not None and user is not None:
        request.proved_person = user  # type: ignore[attr-defined]  # read by the middleware


user_logged_in.connect(_proved, dispatch_uid="arengo.known_devices")
password_reset.connect(_proved, dispatch_uid="arengo.known_devices")


class KnownDeviceMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        person = getattr(request, "proved_person", None)
        if isinstance(person, Person):
            person.refresh_from_db(fields=["password"])  # signing in may have given it a newer hash
            _remember(request, person, response)
        return response
