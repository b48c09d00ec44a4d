# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The public site: what this is, how to write, how to subscribe, how to follow, and the small print."""

from __future__ import annotations

from dataclasses import dataclass
from mimetypes import guess_type
from pathlib import PurePath

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import condition

from arengo.audience.models import ListSettings, Policy
from arengo.channel.board import channel_of, public_posts
from arengo.channel.models import Channel, Post
from arengo.core.access import organization_of
from arengo.core.documents import qr
from arengo.core.public_pages import public_page
from arengo.core.screens import Screen, render_screen
from arengo.core.sending_files import file_response
from arengo.delivery.models import Sender
from arengo.desk.hours.reading import desk_hours
from arengo.portal import source as program
from arengo.portal.desk_views import HOURS, ShownDesk, shown_desk
from arengo.portal.numbers import Number, number_in_use


@dataclass(frozen=True)
class WaysToFollow(Screen):
    """``latest``: the channel's newest post."""

    number: Number | None
    channel: Channel
    channel_address: str
    latest: Post | None


def _ways_to_follow(request: HttpRequest) -> WaysToFollow:
    channel = channel_of(organization_of(request))
    address = request.build_absolute_uri(reverse("public_channel:feed"))
    return WaysToFollow(number_in_use(), channel, address, public_posts().first())


@dataclass(frozen=True)
class FirstDesk(Screen):
    """The first desk in service, as the card «Chiedi» shows it."""

    desk: ShownDesk | None


@public_page(Channel, Post, Sender, ListSettings, *HOURS)
def home(request: HttpRequest) -> HttpResponse:
    first = next(iter(desk_hours()), None)
    return render_screen(
        request,
        "portal/home.html",
        _ways_to_follow(request),
        FirstDesk(shown_desk(first) if first and first.schedule.configured else None),
    )


@public_page(Channel, Post, Sender, ListSettings)
def follow(request: HttpRequest) -> HttpResponse:
    return render_screen(request, "portal/follow.html", _ways_to_follow(request))


@public_page(Sender, ListSettings, words=False)
def join_qr(request: HttpRequest) -> HttpResponse:
    """The code that opens the chat with the joining word written already."""
    number = number_in_use()
    if number is None or not number.join_word:
        raise Http404
    return HttpResponse(qr.svg(number.join_url), content_type="image/svg+xml")


def _policy(kind: Policy.Kind) -> Policy | None:
    return Policy.objects.filter(kind=kind).order_by("-version").first()


@dataclass(frozen=True)
class PrivacyPage(Screen):
    """``minimum_age``: from which age one may join, in the organization's words; empty: it says nothing."""

    policy: Policy | None
    minimum_age: str


@public_page(Policy, ListSettings)
def privacy(request: HttpRequest) -> HttpResponse:
    minimum_age = ListSettings.objects.values_list("minimum_age", flat=True).first() or ""
    page = PrivacyPage(_policy(Policy.Kind.PRIVACY), minimum_age)
    return render_screen(request, "portal/privacy.html", page)


@public_page(Policy)
def rules(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/rules.html", {"policy": _policy(Policy.Kind.RULES)})


@public_page()
def legal_notes(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/legal_notes.html")


@public_page()
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/accessibility.html")


def _logo_tag(request: HttpRequest) -> str | None:
    logo = organization_of(request).logo
    return f'"{PurePath(logo.name or "").name}"' if logo else None


@public_page(words=False)
@condition(etag_func=_logo_tag)
def logo(request: HttpRequest) -> HttpResponseBase:
    organization = organization_of(request)
    if not organization.logo:
        raise Http404
    try:
        file = organization.logo.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    kind, _ = guess_type(str(organization.logo.name))
    return file_response(request, file, kind or "application/octet-stream")


@public_page(words=False, everywhere=True)
def source(request: HttpRequest) -> HttpResponse:
    """On every host, nobody's too: everybody who reaches the program may have its source."""
    response = HttpResponse(program.archive(), content_type="application/gzip")
    response["Content-Disposition"] = 'attachment; filename="arengo-sorgente.tar.gz"'
    return response
