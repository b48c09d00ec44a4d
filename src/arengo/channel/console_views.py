# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The channel as the newsroom sees it: what stands there, what was withdrawn, the code for posters."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from arengo.channel.board import TOPIC, channel_of, withdraw as withdraw_post
from arengo.channel.models import Post
from arengo.core.access import FORM, membership_of, organization_of, person_of, staff
from arengo.core.console.confirming import asks
from arengo.core.models import Role

_PER_PAGE = 20


@staff(Role.EDITOR, Role.APPROVER)
def board(request: HttpRequest) -> HttpResponse:
    membership = membership_of(request)
    context = {
        "channel": channel_of(organization_of(request)),
        "page": Paginator(Post.objects.select_related("withdrawn_by"), _PER_PAGE).get_page(
            request.GET.get("page")
        ),
        "address": request.build_absolute_uri(reverse("public_channel:feed")),
        "may_withdraw": membership is not None and membership.has(Role.EDITOR),
        "live_topics": TOPIC,
    }
    return render(request, "channel/board.html", context)


def _withdrawing(request: HttpRequest, pk: int) -> dict[str, Any]:
    return {"post": get_object_or_404(Post.objects, pk=pk), "back": reverse("channel:board")}


@staff(Role.EDITOR, methods=FORM)
@asks("channel/withdraw_button.html", _withdrawing)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    post = get_object_or_404(Post.objects, pk=pk)
    if withdraw_post(post, person_of(request)):
        messages.success(request, _("«%(title)s» non è più sul canale.") % {"title": post.title})
    else:
        messages.info(request, _("«%(title)s» era già stato ritirato.") % {"title": post.title})
    return redirect("channel:board")
