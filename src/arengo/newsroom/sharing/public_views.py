# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What who has the link sees: the update as each outlet will show it. No account, no trace of who looked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from arengo.core.access import READ, organization_of, refused_method
from arengo.core.screens import Screen, render_screen
from arengo.core.sending_files import file_response
from arengo.newsroom import estimating
from arengo.newsroom.drafts import draft_of
from arengo.newsroom.models import Update
from arengo.newsroom.outlets.base.contract import Plan
from arengo.newsroom.pictures import mime_type
from arengo.newsroom.sharing import links
from arengo.newsroom.sharing.models import PreviewLink

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class SharedPage(Screen):
    """``shown_image``: where this page's pictures are; the newsroom's own address wants an account."""

    update: Update
    plans: Sequence[Plan]
    until: datetime
    shown_image: str


@dataclass(frozen=True)
class OverPage(Screen):
    """Why there is nothing: nothing is said of what it was."""

    over: bool = True


def _private(view: View) -> View:
    """For who has the link: no cache keeps it, no search engine lists it, no other site learns its address."""

    @wraps(view)
    def guarded(request: HttpRequest, token: str) -> HttpResponseBase:
        organization_of(request)
        response = refused_method(request, READ) or view(request, token)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return guarded


@_private
def page(request: HttpRequest, token: str) -> HttpResponse:
    """404 for a link that opens nothing, whatever the reason."""
    link = links.opened(token)
    if link is None:
        return render_screen(request, "newsroom/sharing/over.html", OverPage(), status=404)
    update = link.update
    shown = SharedPage(
        update,
        estimating.plans_of(draft_of(update), organization_of(request)),
        link.expires_at,
        f"{reverse('newsroom_preview:image', args=[token])}?v={update.version}",
    )
    return render_screen(request, "newsroom/sharing/shared.html", shown)


@_private
def image(request: HttpRequest, token: str) -> HttpResponseBase:
    link: PreviewLink | None = links.opened(token)
    if link is None or not link.update.image:
        raise Http404
    try:
        file = link.update.image.open("rb")
    except FileNotFoundError as missing:
        raise Http404 from missing
    return file_response(request, file, mime_type(link.update.image.name or ""))
