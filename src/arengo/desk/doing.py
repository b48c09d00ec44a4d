# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the desk answers an action: the conversation as it is now, what a screen reader says, and where the focus goes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from arengo.core import outside
from arengo.core.screens import render_screen
from arengo.desk.files import NotSendable
from arengo.desk.handling import HandlingRefused, TakenByAnother
from arengo.desk.lists.screens import listed, next_in_list
from arengo.desk.models import Conversation
from arengo.desk.names import called
from arengo.desk.replying import AlreadySent
from arengo.desk.screens import DeskPage, PanelPart, just_closed, panel
from arengo.desk.twice import ColleagueAnswered, Second
from arengo.desk.views import found_conversation

# The words of one answer and the id that gets the focus, as JSON: frontend/js/desk-done.js reads it. Not HX-Trigger, which
# says what was taken out of typed words (core/clean_requests.py).
DONE = "X-Arengo-Done"


@dataclass(frozen=True)
class Done:
    """``words`` are spoken politely; ``focus``: the id of an element, "" to leave the focus where it is."""

    words: str = ""
    focus: str = ""

    def on(self, response: HttpResponse) -> HttpResponse:
        if self.words or self.focus:
            response[DONE] = json.dumps({"words": self.words, "focus": self.focus})
        return response


def is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def page_of(request: HttpRequest, conversation: Conversation) -> str:
    query = request.GET.urlencode()
    return reverse("desk:conversation", args=[conversation.pk]) + (f"?{query}" if query else "")


def act(
    request: HttpRequest,
    conversation: Conversation,
    action: Callable[[], object],
    done: Done | None = None,
    *,
    sends_text: bool = False,
) -> HttpResponse:
    """The action, then the conversation; a refusal is shown in its place, and what was written is given back.

    ``sends_text``: the action takes the words of the composer; after any other they stand where they stood.
    """
    error, status, answered = "", 200, None
    try:
        action()
    except ColleagueAnswered as refused:
        error, status, answered = str(refused), 409, refused
    except (TakenByAnother, AlreadySent) as refused:
        error, status = str(refused), 409
    except (HandlingRefused, NotSendable) as refused:
        error, status = str(refused), 422
    text = outside.text(request.POST.get("text")) if error or not sends_text else ""
    second = Second.of(answered, text, request.POST) if answered else None
    now = found_conversation(request, conversation.pk)
    if is_htmx(request):
        part = PanelPart(panel(request, now, error=error, draft=text, second=second))
        # What was written stands in the composer again, and so does the focus.
        said = Done(error, "" if sends_text else "refused") if error else done or Done()
        return said.on(render_screen(request, "desk/partials/conversation.html", part, status=status))
    if text or (error and outside.text(request.POST.get("note"))):
        page = DeskPage(listed(request, now), panel(request, now, error=error, draft=text, second=second))
        return render_screen(request, "desk/page.html", page, status=status)
    if error:
        messages.error(request, error)
    return redirect(page_of(request, conversation))


def ask(request: HttpRequest, conversation: Conversation) -> HttpResponse:
    """The conversation with the question whether to close it although the citizen waits; nothing has been done."""
    now = found_conversation(request, conversation.pk)
    shown = replace(panel(request, now, draft=outside.text(request.POST.get("text"))), asks=True)
    if is_htmx(request):
        return render_screen(request, "desk/partials/conversation.html", PanelPart(shown), status=409)
    return render_screen(request, "desk/page.html", DeskPage(listed(request, now), shown), status=409)


def lead_on(request: HttpRequest, closed: Conversation) -> HttpResponse:
    """After a closing: the next conversation of the list, and for some seconds the way back.

    The page says which stood below the closed one; without it, or when that is gone, the first of the list is next.
    """
    following = _following(request, closed)
    name = called(found_conversation(request, closed.pk))
    if not is_htmx(request):
        query = request.GET.copy()
        query["chiusa"] = str(closed.pk)
        where = reverse("desk:conversation", args=[following.pk]) if following else reverse("desk:inbox")
        return redirect(f"{where}?{query.urlencode()}")
    words = _("Chiusa la conversazione con %(name)s.") % {"name": name}
    if following is None:
        words += " " + _("Non ce ne sono altre in questo elenco.")
    else:
        words += " " + _("Aperta quella con %(name)s.") % {"name": called(following)}
    return _opened(request, following, Done(words), closed=closed.pk)


def back_to(request: HttpRequest, conversation: Conversation, done: Done) -> HttpResponse:
    """The whole desk, with this conversation open."""
    if not is_htmx(request):
        return redirect(page_of(request, conversation))
    return _opened(request, found_conversation(request, conversation.pk), done, closed=None)


def _opened(
    request: HttpRequest, conversation: Conversation | None, done: Done, *, closed: int | None
) -> HttpResponse:
    page = DeskPage(
        listed(request, conversation),
        panel(request, conversation) if conversation else None,
        closed=just_closed(request, closed),
    )
    response = render_screen(request, "desk/swapped.html", page)
    response["HX-Retarget"] = "#desk"
    response["HX-Reswap"] = "outerHTML"
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    response["HX-Push-Url"] = (
        page_of(request, conversation) if conversation else reverse("desk:inbox") + query
    )
    return done.on(response)


def _following(request: HttpRequest, closed: Conversation) -> Conversation | None:
    wanted = outside.whole(request.POST.get("next"))
    if wanted is not None and wanted != closed.pk:
        try:
            found = found_conversation(request, wanted)
        except Http404:
            found = None
        if found is not None and found.is_open:
            return found
    first = next_in_list(request, but=closed)
    return found_conversation(request, first) if first else None
