# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The channel as the newsroom sees it: what stands there, what was withdrawn, the code for posters."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from arengo.channel.board import TOPIC, channel_of, withdraw as withdraw_post
from arengo.channel.models import Channel, Post
from arengo.core.access import FORM, membership_of, organization_of, person_of, staff
from arengo.core.clean_text import isolated
from arengo.core.console.confirming import Question, asks
from arengo.core.models import Role
from arengo.core.screens import Screen, render_screen

_PER_PAGE = 20


@dataclass(frozen=True)
class BoardPage(Screen):
    """``address``: of the public page, as posters give it."""

    channel: Channel
    page: Page[Post]
    address: str
    may_withdraw: bool
    live_topics: str = TOPIC


@staff(Role.EDITOR, Role.APPROVER)
def board(request: HttpRequest) -> HttpResponse:
    membership = membership_of(request)
    posts = Paginator(Post.objects.select_related("withdrawn_by"), _PER_PAGE)
    screen = BoardPage(
        channel=channel_of(organization_of(request)),
        page=posts.get_page(request.GET.get("page")),
        address=request.build_absolute_uri(reverse("public_channel:feed")),
        may_withdraw=membership is not None and membership.has(Role.EDITOR),
    )
    return render_screen(request, "channel/board.html", screen)


@dataclass(frozen=True)
class Withdrawing(Question):
    post: Post


def _withdrawing(request: HttpRequest, pk: int) -> Withdrawing:
    return Withdrawing(reverse("channel:board"), "", get_object_or_404(Post.objects, pk=pk))


@staff(Role.EDITOR, methods=FORM)
@asks("channel/withdraw_button.html", _withdrawing)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    post = get_object_or_404(Post.objects, pk=pk)
    if withdraw_post(post, person_of(request)):
        messages.success(request, _("«%(title)s» non è più sul canale.") % {"title": isolated(post)})
    else:
        messages.info(request, _("«%(title)s» era già stato ritirato.") % {"title": isolated(post)})
    return redirect("channel:board")
