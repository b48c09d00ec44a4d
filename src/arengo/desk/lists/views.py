# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list by itself, as live updates ask for it; several conversations closed at once; a person's own views."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from arengo.core import outside
from arengo.core.access import FORM, WRITE, membership_of, organization_of, person_of, staff
from arengo.core.clean_text import isolated
from arengo.core.console.confirming import Question, asks
from arengo.core.models import Role
from arengo.core.screens import Screen, render_screen
from arengo.desk.desks import seen_by
from arengo.desk.lists import verbs
from arengo.desk.lists.listing import asked
from arengo.desk.lists.models import SavedView
from arengo.desk.lists.rows import waits_since
from arengo.desk.lists.screens import MOST_AT_ONCE, ListPart, listed
from arengo.desk.models import Conversation
from arengo.desk.names import called


@staff(Role.OPERATOR, Role.AUDITOR)
def list_part(request: HttpRequest) -> HttpResponse:
    pk = outside.whole(request.GET.get("aperta"))
    seen = seen_by(membership_of(request)).select_related(
        "contact",
        "identity",
        "assignee",
        "sender",
        "desk",
        "last_message__delivery",
        "last_message__attachment",
    )
    opened = seen.filter(pk=pk).first() if pk is not None else None
    return render_screen(request, "desk/partials/list.html", ListPart(listed(request, opened)))


def _back(request: HttpRequest) -> str:
    return reverse("desk:inbox") + asked(request.GET).query()


# --- several at once -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ClosingSeveral(Screen):
    """Some of those that were chosen wait for an answer. ``waiting``: their names."""

    question: str
    back: str
    action: str
    chosen: Sequence[Conversation]
    waiting: Sequence[str]


@staff(Role.OPERATOR, methods=WRITE)
def close_several(request: HttpRequest) -> HttpResponse:
    """Those that are chosen, of the desks that this person sees. If somebody still waits it asks first."""
    ids = set(outside.wholes(request.POST.getlist("chosen"), most=MOST_AT_ONCE))
    found = list(
        seen_by(membership_of(request))
        .filter(pk__in=ids, state=Conversation.State.OPEN)
        .select_related("contact", "identity")
        .order_by("pk")
    )
    if not found:
        messages.error(request, _("Scegli almeno una conversazione aperta."))
        return redirect(_back(request))
    waiting = [called(each) for each in found if waits_since(each) is not None]
    if waiting and request.POST.get("sure") != "1":
        action = reverse("desk:close_several") + asked(request.GET).query()
        question = ClosingSeveral("desk_lists/close_question.html", _back(request), action, found, waiting)
        return render_screen(request, "arengo/question.html", question)
    number = verbs.close_several(found, by=person_of(request))
    words = ngettext("%(number)d conversazione chiusa.", "%(number)d conversazioni chiuse.", number)
    messages.success(request, words % {"number": number})
    return redirect(_back(request))


# --- a person's views ------------------------------------------------------------------------------------------


@staff(Role.OPERATOR, Role.AUDITOR, methods=WRITE)
def save_view(request: HttpRequest) -> HttpResponse:
    """The list as it is now, under a name. ``query``: what the address of the list holds."""
    given = outside.text(request.POST.get("query"), most=300).removeprefix("?")
    wanted = asked(QueryDict(given))
    try:
        view = verbs.save_view(
            person_of(request),
            organization_of(request),
            name=outside.text(request.POST.get("name"), most=100),
            query=wanted.query(),
        )
    except verbs.Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("La vista «%(name)s» è nel menu «Altre».") % {"name": isolated(view)})
    return redirect(reverse("desk:inbox") + wanted.query())


@dataclass(frozen=True)
class Forgetting(Question):
    view: SavedView


def _own(request: HttpRequest, pk: int) -> SavedView:
    view: SavedView = get_object_or_404(SavedView.objects, pk=pk, person=person_of(request))
    return view


def _forgetting(request: HttpRequest, pk: int) -> Forgetting:
    view = _own(request, pk)
    return Forgetting(reverse("desk:inbox") + view.query, isolated(view), view)


@staff(Role.OPERATOR, Role.AUDITOR, methods=FORM)
@asks("desk_lists/forget_question.html", _forgetting)
def delete_view(request: HttpRequest, pk: int) -> HttpResponse:
    _own(request, pk).delete()
    messages.success(request, _("La vista è tolta."))
    return redirect("desk:inbox")
