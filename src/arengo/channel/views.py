# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The channel as everyone sees it. Nobody signs in and nobody is counted."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse

from arengo.channel.board import channel_of, public_posts
from arengo.channel.models import Channel, Post
from arengo.core.access import organization_of
from arengo.core.documents import qr
from arengo.core.public_pages import flag, page_number, public_page
from arengo.core.screens import Screen, render_screen
from arengo.core.sending_files import file_response

_DOWNLOAD = "scarica"  # in the address: the picture is kept, not shown
_PER_PAGE = 10
_IMAGE_AGE = 86_400  # seconds; a post's picture never changes


def _address(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("public_channel:feed"))


@dataclass(frozen=True)
class FeedPage(Screen):
    channel: Channel
    page: Page[Post]
    address: str


@dataclass(frozen=True)
class PostPage(Screen):
    """``image_address`` "": the post has no picture."""

    channel: Channel
    post: Post
    address: str
    image_address: str


@public_page(Channel, Post, parameters={"page": page_number})
def feed(request: HttpRequest) -> HttpResponse:
    channel = channel_of(organization_of(request))
    page = Paginator(public_posts(), _PER_PAGE).get_page(request.GET.get("page"))
    return render_screen(request, "channel/feed.html", FeedPage(channel, page, _address(request)))


@public_page(Channel, Post)
def post(request: HttpRequest, pk: int) -> HttpResponse:
    channel = channel_of(organization_of(request))
    found = get_object_or_404(public_posts(), pk=pk)
    image = request.build_absolute_uri(reverse("public_channel:image", args=[pk])) if found.image else ""
    page = PostPage(
        channel=channel,
        post=found,
        address=request.build_absolute_uri(found.get_absolute_url()),
        image_address=image,
    )
    return render_screen(request, "channel/post.html", page)


@public_page(Post, words=False, kept=_IMAGE_AGE)
def image(request: HttpRequest, pk: int) -> HttpResponseBase:
    found = get_object_or_404(public_posts().exclude(image=""), pk=pk)
    try:
        file = found.image.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return file_response(request, file, "image/jpeg")


@public_page(words=False)
def qr_svg(request: HttpRequest) -> HttpResponse:
    return HttpResponse(qr.svg(_address(request)), content_type="image/svg+xml")


@public_page(words=False, parameters={_DOWNLOAD: flag})
def qr_png(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(qr.png(_address(request)), content_type="image/png")
    if _DOWNLOAD in request.GET:
        response["Content-Disposition"] = 'attachment; filename="canale-qr.png"'
    return response
