# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Risposte pronte: the list, and one of them written, checked, taken away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from arengo.core import outside
from arengo.core.access import FORM, WRITE, person_of
from arengo.core.console.confirming import Question, asks
from arengo.core.console.settings_access import posted, setting, show
from arengo.core.screens import Screen
from arengo.core.uploads import accepts_body
from arengo.delivery.models import Sender
from arengo.desk.files import ACCEPTED, NotSendable, Prepared, prepare
from arengo.desk.replies import filling, offering, verbs
from arengo.desk.replies.filling import Variable
from arengo.desk.replies.forms import MOST_FILES, ReplyForm
from arengo.desk.replies.models import CannedReply, ReplyFile
from arengo.platforms.contract import Platform
from arengo.platforms.registry import platform

_MOST_BYTES = 60 * 1024 * 1024  # of one form with its files


@dataclass(frozen=True)
class Row:
    reply: CannedReply
    files: int
    overdue: str


@dataclass(frozen=True)
class RepliesPage(Screen):
    rows: Sequence[Row]
    overdue: int


@dataclass(frozen=True)
class ReplyPage(Screen):
    """``reply`` None: a new one. ``problems``: what is wrong with its files."""

    reply: CannedReply | None
    files: Sequence[ReplyFile]
    problems: Sequence[str]
    variables: Sequence[Variable]
    topics: Sequence[str]
    accepted: str
    most_files: int


@dataclass(frozen=True)
class DeleteQuestion(Question):
    asked: CannedReply


@setting()
def replies_page(request: HttpRequest) -> HttpResponse:
    found = CannedReply.objects.select_related("desk", "checked_by").prefetch_related("files")
    rows = [Row(reply, len(reply.files.all()), offering.overdue(reply)) for reply in found]
    page = RepliesPage(rows, sum(bool(row.overdue) for row in rows))
    return show(request, "desk_replies/settings/replies.html", page)


@accepts_body(_MOST_BYTES)
@setting(methods=FORM)
def new_reply(request: HttpRequest) -> HttpResponse:
    return _written(request, None)


@accepts_body(_MOST_BYTES)
@setting(methods=FORM)
def edit_reply(request: HttpRequest, pk: int) -> HttpResponse:
    return _written(request, _found(pk))


def _found(pk: int) -> CannedReply:
    reply: CannedReply = get_object_or_404(CannedReply.objects.select_related("organization"), pk=pk)
    return reply


def _written(request: HttpRequest, reply: CannedReply | None) -> HttpResponse:
    form = ReplyForm(posted(request), instance=reply)
    there = list(reply.files.all()) if reply else []
    problems: list[str] = []
    if request.method == "POST":
        without = set(outside.wholes(request.POST.getlist("togli"), most=MOST_FILES))
        files, problems = _files(request, left=MOST_FILES - sum(file.pk not in without for file in there))
        if form.is_valid() and not problems:
            try:
                verbs.save(form.save(commit=False), by=person_of(request), files=files, without=without)
            except verbs.TooMany as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("Risposta salvata. Allo sportello si trova con /."))
                return redirect("settings:replies")
    topics = (
        CannedReply.objects.exclude(topic="").order_by("topic").values_list("topic", flat=True).distinct()
    )
    page = ReplyPage(
        reply=reply,
        files=there,
        problems=problems,
        variables=filling.registered(),
        topics=list(topics[:50]),
        accepted=ACCEPTED,
        most_files=MOST_FILES,
    )
    status = 422 if form.errors or problems else 200
    return show(request, "desk_replies/settings/reply.html", page, form=form, status=status)


def _files(request: HttpRequest, *, left: int) -> tuple[list[Prepared], list[str]]:
    """The new files, and what is wrong with those that cannot be sent."""
    uploads = [upload for upload in request.FILES.getlist("files") if upload]
    if len(uploads) > left:
        return [], [_("Una risposta può avere al massimo %(most)d file.") % {"most": MOST_FILES}]
    files, problems = [], []
    for upload in uploads:
        try:
            files.append(prepare(upload, _speaks()))
        except NotSendable as refused:
            problems.append(str(refused))
    return files, problems


def _speaks() -> Platform:
    """The platform of the organization's first number: what it cannot send helps nobody."""
    name = Sender.objects.order_by("pk").values_list("platform", flat=True).first()
    if name is None:
        raise NotSendable(_("I file si possono aggiungere quando c’è un numero da cui inviarli."))
    return platform(name)


@setting(methods=WRITE)
def check_reply(request: HttpRequest, pk: int) -> HttpResponse:
    reply = _found(pk)
    verbs.check(reply, by=person_of(request))
    messages.success(request, _("Segnata come verificata."))
    return redirect("settings:replies")


def _deleting(request: HttpRequest, pk: int) -> DeleteQuestion:
    reply = _found(pk)
    return DeleteQuestion(back=reverse("settings:reply", args=[pk]), subject="", asked=reply)


@setting(methods=FORM)
@asks("desk_replies/delete_question.html", _deleting)
def delete_reply(request: HttpRequest, pk: int) -> HttpResponse:
    verbs.delete(_found(pk), by=person_of(request))
    messages.success(request, _("Risposta eliminata."))
    return redirect("settings:replies")
