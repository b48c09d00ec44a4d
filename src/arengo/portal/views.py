# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The public site: what this is, how to write, how to subscribe, how to follow, and the small print."""

from __future__ import annotations

from mimetypes import guess_type

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from arengo.audience.models import Policy
from arengo.channel import qr
from arengo.channel.board import channel_of, public_posts
from arengo.core.access import organization_of
from arengo.portal import source as program
from arengo.portal.numbers import whatsapp_number

_LOGO_AGE = 3600  # seconds


def _channel_address(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("public_channel:feed"))


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    channel = channel_of(organization_of(request))
    context = {
        "number": whatsapp_number(),
        "channel": channel,
        "channel_address": _channel_address(request),
        "latest": public_posts().first(),
    }
    return render(request, "portal/home.html", context)


@require_safe
def follow(request: HttpRequest) -> HttpResponse:
    channel = channel_of(organization_of(request))
    context = {
        "number": whatsapp_number(),
        "channel": channel,
        "channel_address": _channel_address(request),
        "latest": public_posts().first(),
    }
    return render(request, "portal/follow.html", context)


@require_safe
def join_qr(request: HttpRequest) -> HttpResponse:
    """The code that opens the chat with the joining word written already."""
    organization_of(request)
    number = whatsapp_number()
    if number is None or not number.join_word:
        raise Http404
    return HttpResponse(qr.svg(number.join_url), content_type="image/svg+xml")


def _policy(kind: Policy.Kind) -> Policy | None:
    return Policy.objects.filter(kind=kind).order_by("-version").first()


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    organization_of(request)
    return render(request, "portal/privacy.html", {"policy": _policy(Policy.Kind.PRIVACY)})


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    organization_of(request)
    return render(request, "portal/rules.html", {"policy": _policy(Policy.Kind.RULES)})


@require_safe
def legal_notes(request: HttpRequest) -> HttpResponse:
    organization_of(request)
    return render(request, "portal/legal_notes.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    organization_of(request)
    return render(request, "portal/accessibility.html")


@require_safe
def logo(request: HttpRequest) -> FileResponse:
    organization = organization_of(request)
    if not organization.logo:
        raise Http404
    try:
        file = organization.logo.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    kind, _ = guess_type(str(organization.logo.name))
    response = FileResponse(file, content_type=kind or "application/octet-stream")
    response["Cache-Control"] = f"public, max-age={_LOGO_AGE}"
    return response


@require_safe
def source(request: HttpRequest) -> HttpResponse:
    """On every host, nobody's too: whoever reaches the program may have its source."""
    response = HttpResponse(program.archive(), content_type="application/gzip")
    response["Content-Disposition"] = 'attachment; filename="arengo-sorgente.tar.gz"'
    return response
