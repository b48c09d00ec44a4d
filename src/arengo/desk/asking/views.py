# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page on which a question to the citizen is written. It works without JavaScript; the answer is the conversation."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from arengo.core import outside
from arengo.core.access import FORM, person_of, staff
from arengo.core.models import Role
from arengo.core.screens import Screen, render_screen
from arengo.desk.asking import verbs
from arengo.desk.asking.forms import AskForm, opening
from arengo.desk.asking.models import Asked
from arengo.desk.handling import HandlingRefused
from arengo.desk.models import Conversation
from arengo.desk.names import called
from arengo.desk.views import found_conversation
from arengo.platforms.registry import platform


@dataclass(frozen=True)
class AskPage(Screen):
    """``key``: of the message that it becomes. ``shown`` and ``last``: what of the conversation was read before."""

    kind: str
    title: str | Promise
    citizen: str
    form: AskForm
    key: str
    shown: int
    last: int
    back: str


@staff(Role.OPERATOR, methods=FORM)
def ask(request: HttpRequest, pk: int, asked: str) -> HttpResponse:
    """404 for what this citizen cannot be asked for."""
    conversation = found_conversation(request, pk)
    pressing = platform(conversation.sender.platform).can.pressing
    if pressing is None or asked not in verbs.possible(conversation):
        raise Http404
    chosen = Asked.Kind(asked)
    given = request.POST if request.method == "POST" else None
    form = AskForm(chosen, pressing, given, initial=opening(chosen))
    status = 200
    if given is not None:
        if form.is_valid() and _asked(form, conversation, request):
            messages.success(request, _("Domanda inviata: la risposta arriva qui."))
            return redirect("desk:conversation", pk)
        status = 422
    return render_screen(
        request, "desk_asking/ask.html", _page(request, conversation, chosen, form), status=status
    )


def _asked(form: AskForm, conversation: Conversation, request: HttpRequest) -> bool:
    """Whether it went; else the form says why not."""
    try:
        verbs.ask(
            conversation,
            kind=form.kind,
            text=form.cleaned_data["text"],
            options=form.options,
            button=form.cleaned_data.get("button", ""),
            by=person_of(request),
            key=outside.text(request.POST.get("key"), most=60),
            shown=outside.whole(request.POST.get("shown")),
            last=outside.whole(request.POST.get("last")),
        )
    except HandlingRefused as refused:
        form.add_error(None, str(refused))
        return False
    return True


def _page(request: HttpRequest, conversation: Conversation, kind: Asked.Kind, form: AskForm) -> AskPage:
    newest = conversation.messages.order_by("-id").values_list("pk", flat=True).first()
    return AskPage(
        kind=kind.value,
        title=kind.label,
        citizen=called(conversation),
        form=form,
        key=outside.text(request.POST.get("key"), most=60) or secrets.token_urlsafe(16),
        shown=outside.whole(request.POST.get("shown")) or conversation.incoming_count,
        last=outside.whole(request.POST.get("last")) or newest or 0,
        back=reverse("desk:conversation", args=[conversation.pk]),
    )
