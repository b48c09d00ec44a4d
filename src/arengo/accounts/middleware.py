# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""No page of the console before the second factor that the organization requires."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from arengo.accounts import factors
from arengo.core.access import membership_of, organization_of, person_of
from arengo.core.console_address import CONSOLE

_ENTRANCE = "/console/accesso/"  # where one signs in, out, and sets the factor up


class SecondFactorMiddleware:
    """A member without the factor that is required of them is led to set it up, whatever page they ask for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(CONSOLE) or not self._is_missing(request):
            return self.get_response(request)
        request.second_factor_is_missing = True  # type: ignore[attr-defined]  # read by core.context
        if request.path.startswith(_ENTRANCE):
            return self.get_response(request)
        if "HX-Request" in request.headers:
            return HttpResponse(
                status=403
            )  # a part of a page that was open before: the page itself is led away
        return redirect("second_factor")

    @staticmethod
    def _is_missing(request: HttpRequest) -> bool:
        membership = membership_of(request)
        if membership is None or not factors.required(organization_of(request), membership):
            return False
        return not factors.has_one(person_of(request))
