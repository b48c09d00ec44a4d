# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page of a review: asking for it, what changed since one read it last, and the answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from arengo.core import outside
from arengo.core.access import FORM, WRITE, membership_of, organization_of, person_of, staff
from arengo.core.clean_text import isolated
from arengo.core.models import Membership
from arengo.core.screens import Screen, render_screen
from arengo.newsroom import estimating
from arengo.newsroom.drafts import draft_of, from_kept
from arengo.newsroom.models import Update
from arengo.newsroom.outlets.base.contract import Plan
from arengo.newsroom.panes import Tab, tabs
from arengo.newsroom.passages import Passage, passages
from arengo.newsroom.review import gate, standing, verbs
from arengo.newsroom.review.forms import AskForm, SendBackForm
from arengo.newsroom.review.models import Review
from arengo.newsroom.roles import WRITERS
from arengo.newsroom.versions.difference import Change, changes
from arengo.newsroom.writing import EditedMeanwhile, NoLongerDraft

_MOST_PAST = 20


@dataclass(frozen=True)
class ReviewPage(Screen):
    """``review``: the one that waits; None where nobody asked. ``read``: the answer that this person gave last, and since which
    ``changed`` tells what differs. ``yes_words``: who can say yes; ``many``: how many those are.
    """

    update: Update
    review: Review | None
    approval: Review | None
    may_answer: bool
    is_own: bool
    yes_words: str
    many: int
    four_eyes: bool
    read: Review | None
    changed: Sequence[Change]
    text: Sequence[Passage]
    past: Sequence[Review]
    plans: Sequence[Plan]
    panes: Sequence[Tab]
    form: AskForm
    back_form: SendBackForm
    live_topics: str


def _page(
    request: HttpRequest,
    update: Update,
    *,
    form: AskForm | None = None,
    back_form: SendBackForm | None = None,
    status: int = 200,
) -> HttpResponse:
    waiting, person = standing.waiting(update), person_of(request)
    answered = (
        Review.objects.filter(update=update)
        .exclude(answer=Review.Answer.WAITING)
        .order_by("-asked_at", "-pk")
    )
    past = list(answered.select_related("asked_by", "answered_by")[:_MOST_PAST])
    read = next((one for one in past if one.answered_by_id == person.pk and one.answer != "taken_back"), None)
    draft = draft_of(update)
    changed = (
        changes(from_kept(read.content), draft, picture_changed=read.picture != (update.image.name or ""))
        if read
        else []
    )
    people = standing.others(update, waiting)
    own = person.pk in standing.writers_of(update, waiting)
    page = ReviewPage(
        update=update,
        review=waiting,
        approval=standing.approval(update),
        may_answer=waiting is not None and standing.may_answer(membership_of(request), update, waiting),
        is_own=own,
        yes_words=gate.words_of(people, own=own),
        many=len(people),
        four_eyes=standing.wants_four_eyes(),
        read=read,
        changed=changed,
        text=[passage for passage in passages(draft) if passage.text],
        past=past,
        plans=estimating.plans_of(draft, organization_of(request)),
        panes=tabs(update),
        form=form or AskForm(),
        back_form=back_form or SendBackForm(),
        live_topics=update.topic,
    )
    return render_screen(request, "newsroom/review/page.html", page, status=status)


@staff(*WRITERS)
def review(request: HttpRequest, pk: int) -> HttpResponse:
    update = get_object_or_404(Update.objects.select_related("author", "edited_by"), pk=pk)
    return _page(request, update) if update.is_draft else redirect("newsroom:update", pk)


@staff(*WRITERS, methods=WRITE)
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    update = get_object_or_404(Update.objects, pk=pk)
    form = AskForm(request.POST)
    if not form.is_valid():
        return _page(request, update, form=form, status=422)
    note, version = form.cleaned_data["note"], _version(request)
    return _done(
        request,
        pk,
        lambda: verbs.ask(pk, by=person_of(request), version=version, note=note),
        _("Mandato in revisione."),
    )


@staff(*WRITERS, methods=WRITE)
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    waiting = _waiting(pk)
    member, version = _member(request), _version(request)
    return _done(
        request,
        pk,
        lambda: verbs.approve(waiting.pk, by=member, version=version),
        _("Approvato: può partire."),
    )


@staff(*WRITERS, methods=FORM)
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the question on a page of its own, for who has no JavaScript."""
    update, waiting = get_object_or_404(Update.objects, pk=pk), _waiting(pk)
    form = SendBackForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        page = SendBackPage(update, waiting, form)
        status = 422 if request.method == "POST" else 200
        return render_screen(request, "newsroom/review/send_back.html", page, status=status)
    member, version, reason = _member(request), _version(request), form.cleaned_data["reason"]
    return _done(
        request,
        pk,
        lambda: verbs.send_back(waiting.pk, by=member, version=version, reason=reason),
        _("Rimandato a chi l'ha scritto."),
    )


@dataclass(frozen=True)
class SendBackPage(Screen):
    update: Update
    review: Review
    back_form: SendBackForm


@staff(*WRITERS, methods=WRITE)
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    verbs.take_back(_waiting(pk).pk, by=person_of(request))
    messages.success(request, _("Non è più in revisione."))
    return redirect("newsroom:edit", pk)


def _done(request: HttpRequest, pk: int, act: Callable[[], Review], words: str) -> HttpResponse:
    """Does it, and says what came of it on the page to which one is led."""
    try:
        act()
    except EditedMeanwhile as meanwhile:
        told = _("%(who)s l'ha cambiato adesso: rileggi.")
        messages.warning(request, told % {"who": isolated(meanwhile.update.edited_by)})
    except NoLongerDraft:
        messages.info(request, _("Nel frattempo è stato inviato."))
        return redirect("newsroom:update", pk)
    except verbs.NotPossible as refused:
        messages.warning(request, refused.words)
    else:
        messages.success(request, words)
    return redirect("newsroom:review", pk)


def _waiting(pk: int) -> Review:
    found: Review = get_object_or_404(
        Review.objects.select_related("asked_by"), update_id=pk, answer=Review.Answer.WAITING
    )
    return found


def _member(request: HttpRequest) -> Membership:
    member = membership_of(request)
    assert member is not None  # noqa: S101  # the guard of the view has seen it
    return member


def _version(request: HttpRequest) -> int:
    return outside.whole(request.POST.get("version"), most=outside.MOST_INTEGER) or 0
