# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The comments of an update: a page of its own, and a pane beside the editor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy

from arengo.core import outside
from arengo.core.access import FORM, WRITE, membership_of, person_of, staff
from arengo.core.clean_text import isolated
from arengo.core.console.confirming import Question, asks
from arengo.core.models import Membership, Role
from arengo.core.screens import Screen, render_screen
from arengo.newsroom.comments import verbs
from arengo.newsroom.comments.forms import CommentForm, labels
from arengo.newsroom.comments.models import Comment
from arengo.newsroom.drafts import draft_of
from arengo.newsroom.models import Update
from arengo.newsroom.panes import Pane, Tab, tabs
from arengo.newsroom.roles import WRITERS


def _open_ones(update: Update) -> int:
    return Comment.objects.filter(update=update, settled_at=None).count()


PANE = Pane("comments", gettext_lazy("Commenti"), "newsroom:comments", order=30, count=_open_ones)


@dataclass(frozen=True)
class Said:
    """``about``: the name of the passage; "" for the whole. ``may_remove``: it is one's own, or one administers."""

    comment: Comment
    about: str
    may_remove: bool


@dataclass(frozen=True)
class CommentsPage(Screen):
    update: Update
    panes: Sequence[Tab]
    said: Sequence[Said]
    form: CommentForm
    live_topics: str


def _page(
    request: HttpRequest, update: Update, form: CommentForm | None = None, status: int = 200
) -> HttpResponse:
    draft, member = draft_of(update), membership_of(request)
    names = labels(draft)
    found = Comment.objects.filter(update=update).select_related("by", "settled_by").order_by("at", "pk")
    page = CommentsPage(
        update,
        tabs(update),
        [Said(one, names.get(one.about, ""), _may_remove(member, one)) for one in found],
        form or CommentForm(draft=draft),
        live_topics=update.topic,
    )
    return render_screen(request, "newsroom/comments/page.html", page, status=status)


def _may_remove(member: Membership | None, comment: Comment) -> bool:
    return member is not None and (comment.by_id == member.person_id or member.has(Role.ADMINISTRATOR))


@staff(*WRITERS, methods=FORM)
def comments(request: HttpRequest, pk: int) -> HttpResponse:
    update = get_object_or_404(Update.objects, pk=pk)
    if request.method != "POST":
        return _page(request, update)
    form = CommentForm(request.POST, draft=draft_of(update))
    if not form.is_valid():
        return _page(request, update, form, status=422)
    try:
        verbs.comment(pk, form.cleaned_data["text"], by=person_of(request), about=form.cleaned_data["about"])
    except verbs.Refused as refused:
        form.add_error("text", refused.words)
        return _page(request, update, form, status=422)
    return redirect("newsroom:comments", pk)


@staff(*WRITERS, methods=WRITE)
def settle(request: HttpRequest, pk: int, comment: int) -> HttpResponse:
    found = get_object_or_404(Comment.objects, pk=comment, update_id=pk)
    verbs.settle(found.pk, by=person_of(request), settled=outside.text(request.POST.get("settled")) == "yes")
    return redirect("newsroom:comments", pk)


@dataclass(frozen=True)
class AboutComment(Question):
    update: Update
    comment: Comment


def _removing(request: HttpRequest, pk: int, comment: int) -> AboutComment:
    found = get_object_or_404(Comment.objects.select_related("update"), pk=comment, update_id=pk)
    if not _may_remove(membership_of(request), found):
        raise Http404
    return AboutComment(
        reverse("newsroom:comments", args=[pk]), isolated(found.text[:120]), found.update, found
    )


@staff(*WRITERS, methods=FORM)
@asks("newsroom/comments/remove_question.html", _removing)
def remove(request: HttpRequest, pk: int, comment: int) -> HttpResponse:
    found = get_object_or_404(Comment.objects, pk=comment, update_id=pk)
    if not _may_remove(membership_of(request), found):
        raise Http404
    verbs.remove(found.pk, by=person_of(request))
    return redirect("newsroom:comments", pk)
