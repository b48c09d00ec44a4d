# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ricevuto per errore: the question, and its answer."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from arengo.core.access import FORM, person_of, staff
from arengo.core.clean_text import isolated
from arengo.core.console.confirming import Question, asks
from arengo.core.models import Role
from arengo.core.templatetags.arengo import named
from arengo.desk.doing import act
from arengo.desk.mistakes import verbs
from arengo.desk.models import Message
from arengo.desk.names import called
from arengo.desk.views import found_conversation


@dataclass(frozen=True)
class EraseQuestion(Question):
    message: Message


def _erasing(request: HttpRequest, pk: int) -> EraseQuestion:
    message = _found(pk)
    if message.erased_at is not None or verbs.why_not(message):
        raise Http404
    conversation = found_conversation(request, message.conversation_id)
    sent_at = timezone.localtime(message.sent_at)
    return EraseQuestion(
        back=reverse("desk:conversation", args=[conversation.pk]),
        subject=_("%(kind)s di %(name)s, %(day)s alle %(clock)s")
        % {
            "kind": str(message.get_kind_display()).capitalize(),
            "name": isolated(called(conversation)),
            "day": named(sent_at, "j F Y"),
            "clock": named(sent_at, "H:i"),
        },
        message=message,
    )


@staff(Role.OPERATOR, methods=FORM)
@asks("desk_mistakes/question.html", _erasing)
def erase(request: HttpRequest, pk: int) -> HttpResponse:
    message = _found(pk)
    conversation = found_conversation(request, message.conversation_id)
    return act(request, conversation, lambda: verbs.erase(message, by=person_of(request)))


def _found(pk: int) -> Message:
    message: Message = get_object_or_404(Message.objects.select_related("conversation"), pk=pk)
    return message
