# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What staff do with a poll: close it before its time, take its picture."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from arengo.core.access import FORM, organization_of, person_of, staff
from arengo.core.clean_text import isolated
from arengo.core.console.confirming import Question, asks
from arengo.newsroom.models import Update
from arengo.newsroom.roles import WRITERS
from arengo.newsroom.votes import verbs
from arengo.newsroom.votes.addresses import TYPES, Form
from arengo.newsroom.votes.models import Poll
from arengo.newsroom.votes.pictures import drawn
from arengo.newsroom.votes.results import result_of

_DOWNLOAD = "scarica"  # in the address: the picture is kept, not shown


@dataclass(frozen=True)
class AboutPoll(Question):
    update: Update


def _found(pk: int) -> Poll:
    found: Poll = get_object_or_404(Poll.objects.select_related("update"), update=pk)
    return found


def _closing(request: HttpRequest, pk: int) -> AboutPoll:
    update = _found(pk).update
    return AboutPoll(update.get_absolute_url(), isolated(update), update)


@staff(*WRITERS, methods=FORM)
@asks("newsroom_votes/close_question.html", _closing)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    poll = _found(pk)
    if verbs.close_now(poll.pk, by=person_of(request)):
        messages.success(request, _("Chiuso: non si vota più. Il conto è pronto fra pochi secondi."))
    else:
        messages.info(request, _("Era già chiuso."))
    return redirect("newsroom:update", pk)


@staff(*WRITERS)
def picture(request: HttpRequest, pk: int, form: Form) -> HttpResponse:
    """Of the votes so far, or of the result."""
    result = result_of(_found(pk))
    if not result.shares:
        raise Http404
    answer = HttpResponse(drawn(result, organization_of(request), form), content_type=TYPES[form])
    answer["Cache-Control"] = "no-store"
    if _DOWNLOAD in request.GET:
        answer["Content-Disposition"] = f'attachment; filename="sondaggio-{pk}.{form}"'
    return answer
