# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages of errors."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from arengo.core.attempts import refuse


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", {"reason": str(exception)}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The same words at each address: public ones share one answer in memory (serving/public_door.py)."""
    return render(request, "404.html", {"everywhere": True}, status=404)


def too_many(request: HttpRequest) -> HttpResponse:
    """allauth's own limits come here (``handler429``)."""
    return refuse(request)


def server_error(request: HttpRequest) -> HttpResponse:
    return render(request, "500.html", status=500)
