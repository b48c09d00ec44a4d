# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""One press on what an operator has read."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from arengo.audience.commands import JOIN
from arengo.audience.models import ListSettings
from arengo.core import outside
from arengo.core.access import WRITE, person_of, staff
from arengo.core.models import Role
from arengo.desk.doing import Done, act
from arengo.desk.list_requests import verbs
from arengo.desk.views import found_conversation


@staff(Role.OPERATOR, methods=WRITE)
def count_as(request: HttpRequest, pk: int) -> HttpResponse:
    """``message``: its id; ``as``: ``join`` or ``leave``."""
    conversation = found_conversation(request, pk)
    kind = outside.text(request.POST.get("as"), most=10)
    if kind not in verbs.KINDS:
        return HttpResponseBadRequest("as", content_type="text/plain")
    message = get_object_or_404(conversation.messages, pk=outside.whole(request.POST.get("message")))
    words = _joined() if kind == JOIN else _("Non riceve più gli avvisi della lista.")
    return act(
        request,
        conversation,
        lambda: verbs.count_as(conversation, message, kind, by=person_of(request)),
        Done(words, "conversation-title"),
    )


def _joined() -> str:
    if ListSettings.objects.filter(double_opt_in=True).exists():
        return _("Sarà nella lista quando conferma: la domanda parte se le si può scrivere adesso.")
    return _("Iscritto alla lista.")
