# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What operators do. With htmx the answer is the conversation as it is now; without, its page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from arengo.core import outside
from arengo.core.access import WRITE, membership_of, person_of, staff
from arengo.core.clean_text import isolated
from arengo.core.models import Person, Role
from arengo.core.uploads import accepts_body
from arengo.desk import handling, moving, reopening, replying, routing, transfers
from arengo.desk.desks import desks_of
from arengo.desk.doing import Done, act, ask, back_to, is_htmx, lead_on, page_of
from arengo.desk.files import MOST_FILES, REPLY_MOST_BYTES
from arengo.desk.handling import HandlingRefused, StillWaiting
from arengo.desk.lists.screens import kept_query
from arengo.desk.models import Attachment, Message
from arengo.desk.names import called
from arengo.desk.screens import REACTIONS
from arengo.desk.uploads import answering
from arengo.desk.views import found_conversation


@accepts_body(REPLY_MOST_BYTES)
@staff(Role.OPERATOR, methods=WRITE)
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """The answer; with ``then=close`` also the closing, unless the citizen wrote again meanwhile."""
    conversation = found_conversation(request, pk)
    quoted_pk = outside.whole(request.POST.get("reply_to"))
    quoted = conversation.messages.filter(pk=quoted_pk).first() if quoted_pk is not None else None
    closes = request.POST.get("then") == "close"
    closed = False

    def action() -> None:
        nonlocal closed
        answering.answer(
            conversation,
            by=person_of(request),
            text=outside.text(request.POST.get("text")),
            files=[upload for upload in request.FILES.getlist("files") if upload],
            captions={
                pk: outside.text(request.POST.get(f"caption-{pk}")).strip()
                for pk in outside.wholes(request.POST.getlist("upload"), most=MOST_FILES)
            },
            reply_to=quoted,
            key=outside.text(request.POST.get("key"), most=60),
            shown=outside.whole(request.POST.get("shown")),
            last=outside.whole(request.POST.get("last")),
            anyway=outside.whole(request.POST.get("anyway")),
        )
        if closes:
            try:
                handling.close_answered(conversation, by=person_of(request))
            except StillWaiting:  # what was written has gone all the same
                return
            closed = True

    words = _("Inviato.")
    if closes:
        words += " " + _("%(name)s ha scritto ancora: la conversazione resta aperta.") % {
            "name": called(conversation)
        }
    response = act(request, conversation, action, Done(words, "composer-text"), sends_text=True)
    return lead_on(request, conversation) if closed else response


@staff(Role.OPERATOR, methods=WRITE)
def send_approved(request: HttpRequest, pk: int) -> HttpResponse:
    """The approved message that asks the citizen to write again, once the reply window has shut."""
    conversation = found_conversation(request, pk)
    return act(
        request,
        conversation,
        lambda: reopening.reopen(
            conversation,
            by=person_of(request),
            key=outside.text(request.POST.get("key"), most=60),
            shown=outside.whole(request.POST.get("shown")),
            last=outside.whole(request.POST.get("last")),
        ),
        Done(_("Messaggio approvato inviato."), "conversation-title"),
    )


@staff(Role.OPERATOR, methods=WRITE)
def take(request: HttpRequest, pk: int) -> HttpResponse:
    conversation = found_conversation(request, pk)
    done = Done(_("Presa in carico."), "composer-text")
    return act(request, conversation, lambda: handling.take(conversation, by=person_of(request)), done)


@staff(Role.OPERATOR, methods=WRITE)
def release(request: HttpRequest, pk: int) -> HttpResponse:
    conversation = found_conversation(request, pk)
    done = Done(_("Lasciata libera."), "slot-owner")
    return act(request, conversation, lambda: handling.release(conversation, by=person_of(request)), done)


@staff(Role.OPERATOR, methods=WRITE)
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    conversation = found_conversation(request, pk)
    chosen = outside.whole(request.POST.get("person"))
    members = handling.colleagues([conversation.desk_id]).values("person_id")
    to = get_object_or_404(Person, pk=chosen, pk__in=members)
    by = person_of(request)
    mine = Done(_("Assegnata a te."), "composer-text")
    done = mine if to == by else Done(_("Assegnata a %(name)s.") % {"name": to}, "slot-owner")
    return act(request, conversation, lambda: handling.assign(conversation, to=to, by=by), done)


@staff(Role.OPERATOR, methods=WRITE)
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """To another desk. A person who does not see that one is back at the list, and told where it went."""
    conversation = found_conversation(request, pk)
    to = get_object_or_404(moving.other_desks(conversation), pk=outside.whole(request.POST.get("desk")))
    if desks_of(membership_of(request)).filter(pk=to.pk).exists():
        done = Done(_("Passata a «%(desk)s».") % {"desk": isolated(to)}, "conversation-title")
        return act(
            request, conversation, lambda: moving.move(conversation, to=to, by=person_of(request)), done
        )
    try:
        moving.move(conversation, to=to, by=person_of(request))
    except HandlingRefused as refused:
        messages.error(request, str(refused))
    else:
        words = _("La conversazione con %(name)s è passata a «%(desk)s».")
        messages.success(request, words % {"name": isolated(called(conversation)), "desk": isolated(to)})
    back = reverse("desk:inbox") + kept_query(request)
    if is_htmx(request):
        return HttpResponse(status=204, headers={"HX-Redirect": back})
    return redirect(back)


@staff(Role.OPERATOR, methods=WRITE)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks before it ends what nobody answered: only ``sure`` closes that. Then the next conversation of the list."""
    conversation = found_conversation(request, pk)
    close_it = handling.close if request.POST.get("sure") == "1" else handling.close_answered
    try:
        close_it(conversation, by=person_of(request))
    except StillWaiting:
        return ask(request, conversation)
    return lead_on(request, conversation)


@staff(Role.OPERATOR, methods=WRITE)
def undo_close(request: HttpRequest, pk: int) -> HttpResponse:
    """The closing of a moment ago, undone; where that cannot be, the closed conversation says why."""
    conversation = found_conversation(request, pk)
    try:
        handling.undo_close(conversation, by=person_of(request))
    except HandlingRefused as refused:
        if not is_htmx(request):
            messages.error(request, str(refused))
        return back_to(request, conversation, Done(str(refused)))
    words = _("Chiusura annullata: la conversazione con %(name)s è di nuovo aperta.")
    return back_to(request, conversation, Done(words % {"name": called(conversation)}))


@staff(Role.OPERATOR, methods=WRITE)
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    conversation = found_conversation(request, pk)
    done = Done(_("Riaperta, in carico a te."), "composer-text")
    return act(request, conversation, lambda: handling.reopen(conversation, by=person_of(request)), done)


@staff(Role.OPERATOR, methods=WRITE)
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    conversation = found_conversation(request, pk)

    def action() -> None:
        try:
            routing.take_back(conversation, by=person_of(request))
        except routing.NotGivenBack:  # the conversation itself shows it, beside the button
            if not is_htmx(request):
                raise

    return act(request, conversation, action, Done(_("Richiesta inviata."), "conversation-title"))


@staff(Role.OPERATOR, methods=WRITE)
def seen(request: HttpRequest, pk: int) -> HttpResponse:
    """The page posts it once its newest message is really on a screen; without JavaScript a person presses a button.

    422 without what the page showed: then nothing is marked.
    """
    conversation = found_conversation(request, pk)
    shown, last = outside.whole(request.POST.get("shown")), outside.whole(request.POST.get("last"))
    if shown is None or last is None:
        return HttpResponse(
            _("Non si sa fin dove è stata letta: ricarica la pagina."),
            status=422,
            content_type="text/plain; charset=utf-8",
        )
    handling.mark_seen(conversation, shown=shown, last=last)
    if is_htmx(request):
        return HttpResponse(status=204)
    return redirect(page_of(request, conversation))


@staff(Role.OPERATOR, methods=WRITE)
def typing(request: HttpRequest, pk: int) -> HttpResponse:
    handling.typing(found_conversation(request, pk), last=outside.whole(request.POST.get("last")))
    return HttpResponse(status=204)


def _found_message(pk: int) -> Message:
    message: Message = get_object_or_404(Message.objects.select_related("delivery"), pk=pk)
    return message


@staff(Role.OPERATOR, methods=WRITE)
def react(request: HttpRequest, pk: int) -> HttpResponse:
    message = _found_message(pk)
    chosen = outside.text(request.POST.get("emoji"))
    emoji = chosen if chosen in REACTIONS else ""
    conversation = found_conversation(request, message.conversation_id)
    words = _("Reazione inviata: %(emoji)s") % {"emoji": emoji} if emoji else _("Reazione tolta.")
    done = Done(words, f"m-{message.pk}")
    return act(
        request, conversation, lambda: replying.react(message, by=person_of(request), emoji=emoji), done
    )


@staff(Role.OPERATOR, methods=WRITE)
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    message = _found_message(pk)
    conversation = found_conversation(request, message.conversation_id)
    mark = outside.whole(request.POST.get("mark"))
    done = Done(_("Lo invio di nuovo."), f"m-{message.pk}")
    return act(request, conversation, lambda: replying.retry(message, by=person_of(request), mark=mark), done)


@staff(Role.OPERATOR, methods=WRITE)
def fetch(request: HttpRequest, pk: int) -> HttpResponse:
    """A citizen's file that has not come is tried again, now."""
    attachment = get_object_or_404(Attachment.objects.select_related("message"), pk=pk)
    conversation = found_conversation(request, attachment.message.conversation_id)
    done = Done(_("Provo di nuovo a scaricare il file."), f"m-{attachment.message_id}")
    return act(request, conversation, lambda: transfers.again(attachment), done)
