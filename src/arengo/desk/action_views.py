# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What operators do. With htmx the answer is the conversation as it is now; without, its page."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from arengo.core import outside
from arengo.core.access import WRITE, person_of, staff
from arengo.core.models import Person, Role
from arengo.core.screens import render_screen
from arengo.core.uploads import accepts_body
from arengo.desk import handling, reopening, replying, routing, transfers
from arengo.desk.files import REPLY_MOST_BYTES, NotSendable
from arengo.desk.handling import HandlingRefused, TakenByAnother
from arengo.desk.models import Attachment, Conversation, Message
from arengo.desk.replying import AlreadySent
from arengo.desk.screens import REACTIONS, DeskPage, PanelPart, listed, panel
from arengo.desk.views import found_conversation


def _do(
    request: HttpRequest,
    conversation: Conversation,
    action: Callable[[], object],
    *,
    sends_text: bool = False,
) -> HttpResponse:
    """The action, then the conversation; a refusal is shown in its place, and what was written is given back.

    ``sends_text``: the action takes the words of the composer; after any other they stand where they stood.
    """
    error, status = "", 200
    try:
        action()
    except (TakenByAnother, AlreadySent) as refused:
        error, status = str(refused), 409
    except (HandlingRefused, NotSendable) as refused:
        error, status = str(refused), 422
    text = outside.text(request.POST.get("text")) if error or not sends_text else ""
    now = found_conversation(conversation.pk)
    if request.headers.get("HX-Request") == "true":
        part = PanelPart(panel(request, now, error=error, draft=text))
        return render_screen(request, "desk/partials/conversation.html", part, status=status)
    if text:
        page = DeskPage(listed(request, now), panel(request, now, error=error, draft=text))
        return render_screen(request, "desk/page.html", page, status=status)
    if error:
        messages.error(request, error)
    return redirect(_page_of(request, conversation))


def _page_of(request: HttpRequest, conversation: Conversation) -> str:
    query = request.GET.urlencode()
    return reverse("desk:conversation", args=[conversation.pk]) + (f"?{query}" if query else "")


@accepts_body(REPLY_MOST_BYTES)
@staff(Role.OPERATOR, methods=WRITE)
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    conversation = found_conversation(pk)
    quoted_pk = outside.whole(request.POST.get("reply_to"))
    quoted = conversation.messages.filter(pk=quoted_pk).first() if quoted_pk is not None else None
    return _do(
        request,
        conversation,
        lambda: replying.reply(
            conversation,
            by=person_of(request),
            text=outside.text(request.POST.get("text")),
            files=[upload for upload in request.FILES.getlist("files") if upload],
            reply_to=quoted,
            key=outside.text(request.POST.get("key"), most=60),
            shown=outside.whole(request.POST.get("shown")),
            last=outside.whole(request.POST.get("last")),
        ),
        sends_text=True,
    )


@staff(Role.OPERATOR, methods=WRITE)
def send_approved(request: HttpRequest, pk: int) -> HttpResponse:
    """The approved message that asks the citizen to write again, once the reply window has shut."""
    conversation = found_conversation(pk)
    return _do(
        request,
        conversation,
        lambda: reopening.reopen(
            conversation,
            by=person_of(request),
            key=outside.text(request.POST.get("key"), most=60),
            shown=outside.whole(request.POST.get("shown")),
            last=outside.whole(request.POST.get("last")),
        ),
    )


@staff(Role.OPERATOR, methods=WRITE)
def take(request: HttpRequest, pk: int) -> HttpResponse:
    conversation = found_conversation(pk)
    return _do(request, conversation, lambda: handling.take(conversation, by=person_of(request)))


@staff(Role.OPERATOR, methods=WRITE)
def release(request: HttpRequest, pk: int) -> HttpResponse:
    conversation = found_conversation(pk)
    return _do(request, conversation, lambda: handling.release(conversation, by=person_of(request)))


@staff(Role.OPERATOR, methods=WRITE)
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    conversation = found_conversation(pk)
    chosen = outside.whole(request.POST.get("person"))
    members = handling.colleagues().values("person_id")
    to = get_object_or_404(Person, pk=chosen, pk__in=members)
    return _do(request, conversation, lambda: handling.assign(conversation, to=to, by=person_of(request)))


@staff(Role.OPERATOR, methods=WRITE)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    conversation = found_conversation(pk)
    return _do(request, conversation, lambda: handling.close(conversation, by=person_of(request)))


@staff(Role.OPERATOR, methods=WRITE)
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    conversation = found_conversation(pk)
    return _do(request, conversation, lambda: handling.reopen(conversation, by=person_of(request)))


@staff(Role.OPERATOR, methods=WRITE)
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    conversation = found_conversation(pk)

    def action() -> None:
        try:
            routing.take_back(conversation, by=person_of(request))
        except routing.NotGivenBack:  # the conversation itself shows it, beside the button
            if request.headers.get("HX-Request") != "true":
                raise

    return _do(request, conversation, action)


@staff(Role.OPERATOR, methods=WRITE)
def seen(request: HttpRequest, pk: int) -> HttpResponse:
    """The page posts it once its newest message is really on a screen; without JavaScript a person presses a button.

    422 without what the page showed: then nothing is marked.
    """
    conversation = found_conversation(pk)
    shown, last = outside.whole(request.POST.get("shown")), outside.whole(request.POST.get("last"))
    if shown is None or last is None:
        return HttpResponse(
            _("Non si sa fin dove è stata letta: ricarica la pagina."),
            status=422,
            content_type="text/plain; charset=utf-8",
        )
    handling.mark_seen(conversation, shown=shown, last=last)
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204)
    return redirect(_page_of(request, conversation))


@staff(Role.OPERATOR, methods=WRITE)
def typing(request: HttpRequest, pk: int) -> HttpResponse:
    handling.typing(found_conversation(pk), last=outside.whole(request.POST.get("last")))
    return HttpResponse(status=204)


def _found_message(pk: int) -> Message:
    message: Message = get_object_or_404(Message.objects.select_related("delivery"), pk=pk)
    return message


@staff(Role.OPERATOR, methods=WRITE)
def react(request: HttpRequest, pk: int) -> HttpResponse:
    message = _found_message(pk)
    chosen = outside.text(request.POST.get("emoji"))
    emoji = chosen if chosen in REACTIONS else ""
    conversation = found_conversation(message.conversation_id)
    return _do(request, conversation, lambda: replying.react(message, by=person_of(request), emoji=emoji))


@staff(Role.OPERATOR, methods=WRITE)
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    message = _found_message(pk)
    conversation = found_conversation(message.conversation_id)
    mark = outside.whole(request.POST.get("mark"))
    return _do(request, conversation, lambda: replying.retry(message, by=person_of(request), mark=mark))


@staff(Role.OPERATOR, methods=WRITE)
def fetch(request: HttpRequest, pk: int) -> HttpResponse:
    """A citizen's file that has not come is tried again, now."""
    attachment = get_object_or_404(Attachment.objects.select_related("message"), pk=pk)
    conversation = found_conversation(attachment.message.conversation_id)
    return _do(request, conversation, lambda: transfers.again(attachment))
