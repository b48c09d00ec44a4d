# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Notes are written where they are read: in the conversation. And the page of who was mentioned."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from arengo.core import outside
from arengo.core.access import FORM, WRITE, membership_of, person_of, staff
from arengo.core.clean_text import isolated
from arengo.core.console.confirming import Question, asks
from arengo.core.models import Person, Role
from arengo.core.screens import Screen, render_screen
from arengo.desk import handling
from arengo.desk.desks import desks_of
from arengo.desk.doing import act
from arengo.desk.models import Conversation
from arengo.desk.names import called
from arengo.desk.notes import shown, verbs
from arengo.desk.notes.forms import ContactForm
from arengo.desk.notes.models import Note
from arengo.desk.notes.shown import Calls
from arengo.desk.views import found_conversation


@staff(Role.OPERATOR, methods=WRITE)
def write(request: HttpRequest, pk: int) -> HttpResponse:
    conversation = found_conversation(request, pk)
    text = outside.text(request.POST.get("note"))
    return act(request, conversation, lambda: verbs.write(conversation, text=text, by=person_of(request)))


@staff(Role.OPERATOR, methods=WRITE)
def write_on_person(request: HttpRequest, pk: int) -> HttpResponse:
    conversation = found_conversation(request, pk)
    text = outside.text(request.POST.get("note"))
    return act(
        request,
        conversation,
        lambda: verbs.write(conversation, text=text, by=person_of(request), on_person=True),
    )


@staff(Role.OPERATOR, methods=WRITE)
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    conversation = found_conversation(request, pk)
    members = handling.colleagues([conversation.desk_id]).values("person_id")
    to = get_object_or_404(Person, pk=outside.whole(request.POST.get("person")), pk__in=members)
    text = outside.text(request.POST.get("note"))
    return act(
        request, conversation, lambda: verbs.hand_over(conversation, to=to, text=text, by=person_of(request))
    )


@dataclass(frozen=True)
class RemoveQuestion(Question):
    note: Note


def _removable(request: HttpRequest, pk: int) -> Note:
    """404 for a note that this person may not remove, too."""
    note: Note = get_object_or_404(
        Note.objects.filter(conversation__desk__in=desks_of(membership_of(request))).select_related(
            "conversation__contact", "conversation__identity"
        ),
        pk=pk,
    )
    membership = membership_of(request)
    administers = membership is not None and Role.ADMINISTRATOR in membership.roles
    if not verbs.may_remove(note, person_of(request).pk, administers=administers):
        raise Http404
    return note


def _removing(request: HttpRequest, pk: int) -> RemoveQuestion:
    note = _removable(request, pk)
    back = reverse("desk:conversation", args=[note.conversation_id])
    return RemoveQuestion(back, isolated(called(note.conversation)), note)


@staff(Role.OPERATOR, methods=FORM)
@asks("desk_notes/remove_question.html", _removing)
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    note = _removable(request, pk)
    conversation = found_conversation(request, note.conversation_id)
    return act(request, conversation, lambda: verbs.remove(note, by=person_of(request)))


@dataclass(frozen=True)
class ContactPage(Screen):
    """A call or a visit is written down. ``citizen``: whose; ``back``: the address of the conversation."""

    form: ContactForm
    citizen: str
    back: str


@staff(Role.OPERATOR, methods=FORM)
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    conversation = found_conversation(request, pk)
    if conversation.identity_id is None:
        raise Http404
    now = timezone.localtime()
    given = request.POST if request.method == "POST" else None
    form = ContactForm(
        given, initial={"day": now.date(), "clock": now.time().replace(second=0, microsecond=0)}
    )
    status = 200
    if given is not None:
        if form.is_valid() and _written(form, conversation, person_of(request)):
            return redirect("desk:conversation", pk)
        status = 422
    page = ContactPage(form, called(conversation), reverse("desk:conversation", args=[pk]))
    return render_screen(request, "desk_notes/contact.html", page, status=status)


def _written(form: ContactForm, conversation: Conversation, by: Person) -> bool:
    """Whether it could be; else the form says why not."""
    try:
        verbs.write(
            conversation,
            text=form.cleaned_data["text"],
            by=by,
            on_person=True,
            kind=form.cleaned_data["kind"],
            at=form.moment,
        )
    except verbs.NoteRefused as refused:
        form.add_error(None, str(refused))
        return False
    return True


@dataclass(frozen=True)
class MentionsPage(Screen):
    calls: Calls


@staff(Role.OPERATOR)
def mentions(request: HttpRequest) -> HttpResponse:
    membership = membership_of(request)
    if membership is None:
        raise Http404(_("Nessuno."))
    after = outside.text(request.GET.get("dopo"), most=20)
    return render_screen(
        request, "desk_notes/mentions.html", MentionsPage(shown.mentions(membership, after=after))
    )


@staff(Role.OPERATOR, methods=WRITE)
def seen(request: HttpRequest, pk: int) -> HttpResponse:
    """The page posts it when it shows a conversation with mentions of this person that are new."""
    verbs.see(found_conversation(request, pk), person_of(request))
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204)
    return redirect("desk:conversation", pk)
