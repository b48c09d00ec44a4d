# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages of errors."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from arengo.core.attempts import refuse
from arengo.core.console_address import CONSOLE
from arengo.core.error_pages import error_page, staff_membership
from arengo.core.logs import named
from arengo.core.screens import Screen


@dataclass(frozen=True)
class Forbidden(Screen):
    reason: str


@dataclass(frozen=True)
class NotFound(Screen):
    """``everywhere``: the same page for whatever is not there."""

    everywhere: bool = True


log = logging.getLogger(__name__)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, "403.html", Forbidden(str(exception)), status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The same words at each address: public ones share one answer in memory (serving/public_door.py)."""
    return error_page(request, "404.html", NotFound(), status=404)


def too_many(request: HttpRequest) -> HttpResponse:
    """allauth's own limits come here (``handler429``)."""
    return refuse(request)


def server_error(request: HttpRequest) -> HttpResponse:
    """Staff get the console's frame. Where that cannot be made, and for everybody else, a page that needs nothing."""
    if staff_membership(request) is not None:
        try:
            return error_page(request, "500_console.html", status=500)
        except Exception as error:  # noqa: BLE001 - what broke the view may break its frame too
            log.error("The page of an error could not be made (%s).", named(error))
    back = CONSOLE if request.path.startswith(CONSOLE) else "/"
    return render(request, "500.html", {"back": back}, status=500)


class NotAllowedMiddleware:
    """Words for a 405 that has none: Django's own answer, and that of ``staff(methods=…)``, is empty."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or response.streaming or response.content:
            return response
        page = error_page(request, "405.html", status=405)
        page["Allow"] = response["Allow"]
        return page
