# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The channel as everyone sees it. Nobody signs in and nobody is counted."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from arengo.channel.board import channel_of, public_posts
from arengo.channel.models import Channel, Post
from arengo.core.access import organization_of
from arengo.core.documents import qr
from arengo.core.public_pages import flag, page_number, public_page
from arengo.core.sending_files import file_response

_PER_PAGE = 10
_IMAGE_AGE = 86_400  # seconds; a post's picture never changes


def _address(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("public_channel:feed"))


@public_page(Channel, Post, parameters={"page": page_number})
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    channel = channel_of(organization_of(request))
    page = Paginator(public_posts(), _PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "channel/feed.html", {"channel": channel, "page": page, "address": _address(request)}
    )


@public_page(Channel, Post)
@require_safe
def post(request: HttpRequest, pk: int) -> HttpResponse:
    channel = channel_of(organization_of(request))
    found = get_object_or_404(public_posts(), pk=pk)
    context = {
        "channel": channel,
        "post": found,
        "address": request.build_absolute_uri(found.get_absolute_url()),
        "image_address": request.build_absolute_uri(reverse("public_channel:image", args=[pk]))
        if found.image
        else "",
    }
    return render(request, "channel/post.html", context)


@public_page(Post, words=False, kept=_IMAGE_AGE)
@require_safe
def image(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    organization_of(request)
    found = get_object_or_404(public_posts().exclude(image=""), pk=pk)
    try:
        file = found.image.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return file_response(request, file, "image/jpeg")


@public_page(words=False)
@require_safe
def qr_svg(request: HttpRequest) -> HttpResponse:
    organization_of(request)
    return HttpResponse(qr.svg(_address(request)), content_type="image/svg+xml")


@public_page(words=False, parameters={"scarica": flag})
@require_safe
def qr_png(request: HttpRequest) -> HttpResponse:
    organization_of(request)
    response = HttpResponse(qr.png(_address(request)), content_type="image/png")
    if "scarica" in request.GET:
        response["Content-Disposition"] = 'attachment; filename="canale-qr.png"'
    return response
