# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What comes with a request can be stored, or is refused, before a view sees it: decided once, for every page."""

from __future__ import annotations

import codecs
import logging
from collections.abc import Callable, Mapping
from typing import IO, Any

from django.core.exceptions import BadRequest
from django.core.handlers.asgi import ASGIHandler, ASGIRequest
from django.db import DataError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, QueryDict
from django.http.response import HttpResponseBase

from arengo.core import outside
from arengo.core.error_pages import CONSOLE, error_page

Answer = Callable[[HttpRequest], HttpResponse]

_NOWHERE = "404/"  # leads to no view

log = logging.getLogger(__name__)


class CleanRequestMiddleware:
    """Before everything that reads a value (sessions, languages, tenants).

    - A path with a control character is nobody's: 404.
    - What claims to be written in anything but UTF-8 is refused: 400. Other encodings can hide half surrogates.
    - A query becomes storable. No NUL means anything there, and no form stands behind it that could say so.
    - A cookie with a control character is none.
    - Fields of forms stay as they were typed: Django's fields refuse a NUL with words beside the field. Views that read
      one without a form do so through ``core.outside``.
    - What the database could not hold all the same is the request's fault: 400, and a line in the log.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not outside.addressable(request.path):
            # Those further in find out whose site this is, so that the 404 has its words and its frame.
            request.path = request.path_info = (
                CONSOLE if request.path.startswith(CONSOLE) else "/"
            ) + _NOWHERE
        if request.encoding and codecs.lookup(request.encoding).name != "utf-8":
            raise BadRequest("not UTF-8")  # before anything is decoded with it
        if not all(outside.storable(part) for key, values in request.GET.lists() for part in (key, *values)):
            request.GET = _storable(request.GET)  # type: ignore[assignment]  # nobody changes it later
        request.COOKIES = {
            name: value for name, value in request.COOKIES.items() if outside.addressable(value)
        }
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DataError):
            return None
        match = request.resolver_match
        # Only where it happened: the database's words may quote what somebody typed.
        log.error("A value of a request to %s does not fit the database.", match.view_name if match else "?")
        return error_page(request, "400.html", status=400)


def _storable(given: QueryDict) -> QueryDict:
    cleaned = QueryDict(mutable=True)
    for key, values in given.lists():
        cleaned.setlist(outside.text(key), [outside.text(value) for value in values])
    return QueryDict(cleaned.urlencode())  # nobody may change it, as with Django's own


class CleanASGIHandler(ASGIHandler):
    """Django's handler, which lets some heads break it before any middleware is asked: a ``Content-Type`` whose charset has a
    name that is none (RFC 2231). Those are answered with 400.
    """

    def create_request(
        self, scope: Mapping[str, Any], body_file: IO[bytes]
    ) -> tuple[ASGIRequest, None] | tuple[None, HttpResponseBase]:
        try:
            return super().create_request(scope, body_file)
        except (ValueError, LookupError):
            return None, HttpResponseBadRequest("content-type", content_type="text/plain")
