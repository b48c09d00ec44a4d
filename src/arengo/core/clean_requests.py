# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What comes with a request can be stored, or is refused, before a view sees it: decided once, for every page."""

from __future__ import annotations

import codecs
import json
import logging
from collections.abc import Callable, Mapping
from typing import IO, Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.handlers.asgi import ASGIHandler, ASGIRequest
from django.db import DataError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, QueryDict
from django.http.response import HttpResponseBase

from arengo.core import outside
from arengo.core.clean_text import Cleaned, clean, file_name
from arengo.core.console_address import CONSOLE
from arengo.core.error_pages import error_page
from arengo.core.typed import is_secret

Answer = Callable[[HttpRequest], HttpResponse]

_FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}
_REMOVED = "_arengo_removed"  # the attribute of a request
_MOST_SENTENCES = 5  # sentences of one form
_NOWHERE = "404/"  # leads to no view

log = logging.getLogger(__name__)


class CleanRequestMiddleware:
    """Before everything that reads a value (sessions, languages, tenants).

    - A path with a control character is nobody's: 404.
    - What claims to be written in anything but UTF-8 is refused: 400. Other encodings can hide half surrogates.
    - A query becomes storable. No NUL means anything there, and no form stands behind it that could say so.
    - A cookie with a control character is none.
    - Fields of forms are cleaned by :class:`CleanTypedMiddleware`. Views that read one without a form do so through
      ``core.outside``.
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
            cleaned = QueryDict(mutable=True)
            for key, values in request.GET.lists():
                cleaned.setlist(outside.text(key), [outside.text(value) for value in values])
            # Anew, so that nobody may change it, as with Django's own.
            request.GET = QueryDict(cleaned.urlencode())
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


class CleanTypedMiddleware:
    """What people type into any form comes to its view without characters that cannot be seen, and they are told which.

    Secrets stay as they were typed: what they open was made of the same characters. The page that is shown, now or next,
    says what was removed among its messages; for a part of a page its script says it (frontend/js/removed.js).
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        words = _removed_from(request)
        if words and _is_part(request):
            if response.status_code in {302, 303} or "HX-Redirect" in response:
                messages.info(request, words)
            else:
                response.setdefault("HX-Trigger", json.dumps({"arengo:removed": {"words": words}}))
        return response

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        """After the check of the token, which reads the form as well."""
        if request.method != "POST" or request.content_type not in _FORMS:
            return
        form, removed = QueryDict(mutable=True), list[str]()
        for key, values in request.POST.lists():
            cleaned = [Cleaned(value) if is_secret(key) else clean(value) for value in values]
            removed += [each.words for each in cleaned if each.removed]
            form.setlist(key, [each.text for each in cleaned])
        request.POST = form  # type: ignore[assignment]  # nobody changes it: views copy
        form._mutable = False  # noqa: SLF001 - Django has no other way to close one
        for _field, uploads in request.FILES.lists():
            for upload in uploads:
                upload.name = file_name(upload.name or "") or "file"
        setattr(request, _REMOVED, list(dict.fromkeys(removed)))
        if removed and not _is_part(request) and request.path.startswith(CONSOLE):
            messages.info(request, _removed_from(request))


def _removed_from(request: HttpRequest) -> str:
    """What was removed from the form that this request sent, in sentences; empty for nothing."""
    found: list[str] = getattr(request, _REMOVED, [])
    return " ".join(found[:_MOST_SENTENCES])


def _is_part(request: HttpRequest) -> bool:
    """Whether a script asked, for a part of the page."""
    return request.headers.get("HX-Request") == "true"


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
