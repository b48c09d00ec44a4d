# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An operator asks; the office answers on a page of its own, which knows nothing but the link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from arengo.core.access import FORM, organization_of, person_of, refused_method, staff
from arengo.core.clean_text import isolated
from arengo.core.models import Role
from arengo.core.screens import Screen, render_screen
from arengo.desk.models import Conversation
from arengo.desk.names import called
from arengo.desk.notes.models import LONGEST_SIGNATURE
from arengo.desk.offices import verbs
from arengo.desk.offices.models import LONGEST, LONGEST_OFFICE, Question
from arengo.desk.views import found_conversation

_MOST = 50  # questions on the page


class AskForm(forms.Form):
    office = forms.CharField(label=gettext_lazy("Ufficio"), max_length=LONGEST_OFFICE)
    email = forms.EmailField(label=gettext_lazy("E-mail dell’ufficio"), max_length=254)
    text = forms.CharField(
        label=gettext_lazy("Domanda"),
        max_length=LONGEST,
        widget=forms.Textarea,
        help_text=gettext_lazy("L’ufficio vede solo queste parole: scrivi quello che serve, niente di più."),
    )


class AnswerForm(forms.Form):
    signed = forms.CharField(label=gettext_lazy("Il tuo nome"), max_length=LONGEST_SIGNATURE, required=False)
    text = forms.CharField(label=gettext_lazy("Risposta"), max_length=LONGEST, widget=forms.Textarea)


@dataclass(frozen=True)
class AskPage(Screen):
    """``link``: of the question that was just asked, where no mail left: somebody hands it over."""

    conversation: Conversation
    citizen: str
    questions: Sequence[Question]
    form: AskForm
    link: str
    back: str


@staff(Role.OPERATOR, methods=FORM)
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    conversation = found_conversation(request, pk)
    if conversation.identity_id is None:
        raise Http404
    given = request.POST if request.method == "POST" else None
    form, link, status = AskForm(given), "", 200
    if given is not None:
        asked = _asked(form, conversation, request) if form.is_valid() else None
        if asked is not None and asked.mailed:
            messages.success(
                request, _("Domanda spedita a %(office)s.") % {"office": isolated(asked.question.office)}
            )
            return redirect("desk:conversation", pk)
        if asked is not None:
            form, link = AskForm(), asked.link
        else:
            status = 422
    questions = list(Question.objects.filter(conversation=conversation).order_by("-id")[:_MOST])
    back = reverse("desk:conversation", args=[pk])
    page = AskPage(conversation, called(conversation), questions, form, link, back)
    return render_screen(request, "desk_offices/ask.html", page, status=status)


def _asked(form: AskForm, conversation: Conversation, request: HttpRequest) -> verbs.Asked | None:
    """None where it could not be; then the form says why not."""
    try:
        return verbs.ask(organization_of(request), conversation, by=person_of(request), **form.cleaned_data)
    except verbs.AskingRefused as refused:
        form.add_error(None, str(refused))
        return None


@dataclass(frozen=True)
class AnswerPage(Screen):
    question: Question
    form: AnswerForm
    answered: bool


def answer(request: HttpRequest, token: str) -> HttpResponse:
    """404 for a link that nobody was given, whatever the method; 410 once it has served or is too old."""
    organization_of(request)
    question = verbs.of_link(token)
    if question is None:
        raise Http404
    if refused := refused_method(request, FORM):
        return refused
    if not question.is_open:
        page = AnswerPage(question, AnswerForm(), question.answered_at is not None)
        return _private(render_screen(request, "desk_offices/over.html", page, status=410))
    given = request.POST if request.method == "POST" else None
    form, status = AnswerForm(given), 200
    if given is not None:
        if form.is_valid():
            try:
                verbs.answer(question, text=form.cleaned_data["text"], signed=form.cleaned_data["signed"])
            except verbs.AnswerRefused as why:
                form.add_error(None, str(why))
            else:
                page = AnswerPage(question, form, True)
                return _private(render_screen(request, "desk_offices/over.html", page))
        status = 422
    page = AnswerPage(question, form, False)
    return _private(render_screen(request, "desk_offices/answer.html", page, status=status))


def _private(response: HttpResponse) -> HttpResponse:
    """For who has the link, and nobody else: no cache keeps it, no search engine lists it, no other site learns its address."""
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response
