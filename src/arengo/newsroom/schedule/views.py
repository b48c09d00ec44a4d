# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A draft is put on the plan, and taken off it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from arengo.core import outside
from arengo.core.access import WRITE, organization_of, person_of, staff
from arengo.core.clean_text import isolated
from arengo.newsroom import publishing
from arengo.newsroom.models import Update
from arengo.newsroom.roles import WRITERS
from arengo.newsroom.schedule import asking, verbs
from arengo.newsroom.schedule.asking import Answer
from arengo.newsroom.schedule.words import moment_words
from arengo.newsroom.sending_views import ask_to_send
from arengo.newsroom.views import said_when


@staff(*WRITERS, methods=WRITE)
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    update, organization = get_object_or_404(Update.objects, pk=pk), organization_of(request)
    answer = asking.read(request.POST, organization)
    if answer.at is None:
        return ask_to_send(request, update, asked=request.POST, answer=answer)
    version = outside.whole(request.POST.get("version"), most=outside.MOST_INTEGER) or 0
    try:
        made = verbs.plan(organization, pk, answer.at, version=version, by=person_of(request))
    except verbs.NotPlanned as refused:
        return ask_to_send(request, update, asked=request.POST, answer=Answer(None, str(refused)))
    except publishing.EditedMeanwhile as meanwhile:
        words = _("Mentre leggevi, %(who)s ha cambiato il testo. Rileggilo: non è programmato.")
        messages.warning(request, words % {"who": isolated(meanwhile.update.edited_by)})
        return redirect("newsroom:send", pk)
    except publishing.NoLongerDraft as gone:
        words = _("L'ha già inviato %(who)s (%(when)s): non parte una seconda volta.")
        messages.info(request, words % {"who": isolated(gone.update.sent_by), "when": said_when(gone.update)})
        return redirect("newsroom:update", pk)
    except publishing.NotReady as not_ready:
        for words in not_ready.words:
            messages.warning(request, words)
        return redirect("newsroom:send" if not_ready.shut else "newsroom:edit", pk)
    moment = moment_words(made.at, timezone.now(), organization.zone)
    messages.success(
        request,
        _("Programmato: parte %(when)s. Prima di partire Arengo ricontrolla tutto.") % {"when": moment},
    )
    return redirect("newsroom:updates")


@staff(*WRITERS, methods=WRITE)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(Update.objects, pk=pk)
    verbs.cancel(pk, by=person_of(request))
    messages.success(request, _("Non è più programmato: resta fra le bozze."))
    return redirect("newsroom:edit", pk)
