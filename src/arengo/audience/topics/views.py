# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Temi e quartieri: what there is to choose, how many receive it, and what an administrator does with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from arengo.audience import frequencies
from arengo.audience.answers import CHOICES
from arengo.audience.naming import Named
from arengo.audience.topics import counting, verbs
from arengo.audience.topics.counting import Lines, Overlap
from arengo.audience.topics.forms import NamedForm
from arengo.audience.topics.models import Change
from arengo.audience.topics.sorts import SORTS, Sort
from arengo.core import automatic, outside
from arengo.core.access import FORM, membership_of, organization_of, person_of, staff
from arengo.core.clean_text import isolated
from arengo.core.console.confirming import Question, asks
from arengo.core.models import Role
from arengo.core.screens import Screen, render_screen

_RECENT = 5  # changes that the page offers to undo


@dataclass(frozen=True)
class Undoable:
    """A change, and until when it can be undone. ``into``: the name of what it went into."""

    made: Change
    into: str
    until: datetime


@dataclass(frozen=True)
class TopicsPage(Screen):
    """``answered``: whether who writes «temi» gets an answer. ``frequencies``: what can be chosen of how often."""

    topic_lines: Lines
    quarter_lines: Lines
    recent: Sequence[Undoable]
    may_edit: bool
    answered: bool
    frequencies: Sequence[frequencies.Frequency]


@staff(Role.EDITOR, Role.AUDITOR)
def topics(request: HttpRequest) -> HttpResponse:
    of_topics, of_quarters = counting.both()
    membership = membership_of(request)
    page = TopicsPage(
        topic_lines=of_topics,
        quarter_lines=of_quarters,
        recent=_recent(),
        may_edit=membership is not None and membership.has(Role.ADMINISTRATOR),
        answered=CHOICES in automatic.switched_on(),
        frequencies=frequencies.offered(),
    )
    return render_screen(request, "audience_topics/topics.html", page)


def _recent() -> list[Undoable]:
    since = timezone.now() - verbs.UNDO_FOR
    made = Change.objects.filter(at__gt=since, undone_at=None).order_by("-at", "-pk")[:_RECENT]
    into = {
        one.pk: SORTS[one.sort].model.objects.filter(pk=one.into).values_list("name", flat=True).first()
        for one in made
        if one.into
    }
    return [Undoable(one, into.get(one.pk) or "", one.at + verbs.UNDO_FOR) for one in made]


@dataclass(frozen=True)
class NamedPage(Screen):
    """``one``: None of a new one. ``others``: into which it can go."""

    sort: Sort
    form: NamedForm
    one: Named | None
    others: Sequence[Named]


@staff(Role.ADMINISTRATOR, methods=FORM)
def new(request: HttpRequest, sort: str) -> HttpResponse:
    kind = SORTS[sort]
    form = NamedForm(request.POST if request.method == "POST" else None, sort=kind)
    if request.method == "POST" and form.is_valid():
        try:
            made = verbs.add(kind, organization_of(request), form.written, by=person_of(request))
        except verbs.NotNow as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("«%(name)s» aggiunto.") % {"name": isolated(made.name)})
            return redirect("audience:topics")
    page = NamedPage(kind, form, None, [])
    return render_screen(request, "audience_topics/named.html", page, status=422 if form.errors else 200)


def _one(sort: Sort, pk: int) -> Named:
    found: Named = get_object_or_404(sort.model.in_use(), pk=pk)
    return found


@staff(Role.ADMINISTRATOR, methods=FORM)
def edit(request: HttpRequest, sort: str, pk: int) -> HttpResponse:
    kind = SORTS[sort]
    one = _one(kind, pk)
    every = list(kind.model.in_use())
    place = next(number for number, each in enumerate(every, start=1) if each.pk == pk)
    initial = {
        "name": one.name,
        "words": one.words,
        "season_from": getattr(one, "season_from", ""),
        "season_to": getattr(one, "season_to", ""),
        "place": place,
    }
    bound = request.POST if request.method == "POST" else None
    form = NamedForm(bound, sort=kind, one=one, places=len(every), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            verbs.change(kind, pk, form.written, place=form.cleaned_data.get("place"), by=person_of(request))
        except verbs.NotNow as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Salvato: chi lo aveva scelto lo riceve come prima."))
            return redirect("audience:topics")
    page = NamedPage(kind, form, one, [other for other in every if other.pk != pk])
    return render_screen(request, "audience_topics/named.html", page, status=422 if form.errors else 200)


@dataclass(frozen=True)
class Removing(Question):
    sort: Sort
    one: Named
    overlap: Overlap
    others: Sequence[Named]


def _removing(request: HttpRequest, sort: str, pk: int) -> Removing:
    kind = SORTS[sort]
    one = _one(kind, pk)
    others = list(kind.model.in_use().exclude(pk=pk))
    back = reverse(f"audience:{kind.url}", args=[pk])
    return Removing(back, isolated(one.name), kind, one, counting.overlap(kind, pk, None), others)


@staff(Role.ADMINISTRATOR, methods=FORM)
@asks("audience_topics/remove_question.html", _removing)
def remove(request: HttpRequest, sort: str, pk: int) -> HttpResponse:
    """``to``: where those go who had this one alone; «keep»: nowhere. What is not said is asked again."""
    kind = SORTS[sort]
    _one(kind, pk)
    to = outside.whole(request.POST.get("to"), least=1)
    alone = counting.overlap(kind, pk, None).only
    if alone and to is None and request.POST.get("to") != "keep":
        messages.error(request, _("Scegli che cosa riceve chi aveva scelto solo questo."))
        return redirect(f"audience:{kind.url}_remove", pk)
    try:
        verbs.remove(kind, pk, to=to, by=person_of(request))
    except verbs.NotNow as refused:
        messages.error(request, str(refused))
        return redirect(f"audience:{kind.url}_remove", pk)
    return redirect("audience:topics")


@dataclass(frozen=True)
class Merging(Question):
    """``into``: None until it is chosen."""

    sort: Sort
    one: Named
    into: Named | None
    overlap: Overlap | None
    others: Sequence[Named]


def _merging(request: HttpRequest, sort: str, pk: int) -> Merging:
    kind = SORTS[sort]
    one = _one(kind, pk)
    others = list(kind.model.in_use().exclude(pk=pk))
    chosen = outside.whole(request.GET.get("in"), least=1)
    into = next((other for other in others if other.pk == chosen), None)
    back = reverse(f"audience:{kind.url}", args=[pk])
    counted = counting.overlap(kind, pk, into.pk) if into else None
    return Merging(back, "", kind, one, into, counted, others)


@staff(Role.ADMINISTRATOR, methods=FORM)
@asks("audience_topics/merge_question.html", _merging)
def merge(request: HttpRequest, sort: str, pk: int) -> HttpResponse:
    kind = SORTS[sort]
    _one(kind, pk)
    into = outside.whole(request.POST.get("into"), least=1)
    if into is None:
        raise Http404
    try:
        verbs.merge(kind, pk, into, by=person_of(request))
    except verbs.NotNow as refused:
        messages.error(request, str(refused))
        return redirect(f"audience:{kind.url}_merge", pk)
    return redirect("audience:topics")


@dataclass(frozen=True)
class Undoing(Question):
    made: Change


def _undoing(request: HttpRequest, pk: int) -> Undoing:
    made = get_object_or_404(Change.objects, pk=pk)
    return Undoing(reverse("audience:topics"), isolated(made.name), made)


@staff(Role.ADMINISTRATOR, methods=FORM)
@asks("audience_topics/undo_question.html", _undoing)
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(Change.objects, pk=pk)
    try:
        made = verbs.undo(pk, by=person_of(request))
    except verbs.NotNow as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("«%(name)s» è di nuovo com’era.") % {"name": isolated(made.name)})
    return redirect("audience:topics")
