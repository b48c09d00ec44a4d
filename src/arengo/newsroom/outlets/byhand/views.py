# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The queue of what a person puts on the channel, one at a time, made for the phone in their hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from arengo.core import outside
from arengo.core.access import FORM, WRITE, person_of, staff
from arengo.core.clean_text import isolated
from arengo.core.models import Membership, Person
from arengo.core.screens import Screen, render_screen
from arengo.core.sending_files import file_response
from arengo.newsroom.drafts import draft_of
from arengo.newsroom.kinds.base import registry as kinds
from arengo.newsroom.models import Update
from arengo.newsroom.outlets.byhand import TOPIC, tasks
from arengo.newsroom.outlets.byhand.forms import DoneForm, ReadingForm
from arengo.newsroom.outlets.byhand.models import Reading, Task
from arengo.newsroom.outlets.byhand.text import HandText, text_of
from arengo.newsroom.pictures import mime_type
from arengo.newsroom.roles import WRITERS

_A_PAGE = 20


@dataclass(frozen=True)
class Step:
    """``is_next``: the one to press now."""

    name: str
    done: bool
    is_next: bool = False


@dataclass(frozen=True)
class Hand:
    """The task in hand, as the page shows it. ``steps`` in their order; without a picture there are two."""

    task: Task
    text: HandText
    channel_url: str
    steps: list[Step]

    @property
    def is_fresh(self) -> bool:
        return timezone.now() - self.task.created_at < timedelta(minutes=1)

    @property
    def has_photo(self) -> bool:
        return any(step.name == "photo" for step in self.steps)

    @property
    def all_done(self) -> bool:
        """The channel was opened: now it may be on it."""
        return self.task.opened_at is not None


@dataclass(frozen=True)
class Queue:
    hand: Hand | None
    number: int  # of the task in hand
    total: int
    later: list[Task]
    done_today: int
    colleagues: list[Membership]
    taken: Task | None = None  # the task that was asked for, where somebody has done it meanwhile


@dataclass(frozen=True)
class QueuePage(Screen):
    """``form``: of the task in hand, when it is done."""

    queue: Queue
    form: DoneForm
    live_topics: str = TOPIC


@dataclass(frozen=True)
class ReadingsPage(Screen):
    task: Task
    update: Update
    form: ReadingForm
    readings: QuerySet[Reading]


def hand_of(task: Task) -> Hand:
    draft = draft_of(task.placement.update)
    pressed = {name: getattr(task, field) is not None for name, field in tasks.STEPS.items()}
    if not draft.has_image:
        del pressed["photo"]
    following = next((name for name, was in pressed.items() if not was), "")
    steps = [Step(name, was, name == following) for name, was in pressed.items()]
    return Hand(task, text_of(kinds.as_lines(draft)), tasks.channel_url(), steps)


def _queue(person: Person, wanted: int | None) -> Queue:
    waiting = tasks.queue_of(person)
    chosen = next((task for task in waiting if task.pk == wanted), None)
    taken = None
    if chosen is None and wanted is not None:
        taken = tasks.done().filter(pk=wanted).first()
    if chosen is None and taken is None and waiting:
        chosen = waiting[0]
    return Queue(
        hand=hand_of(chosen) if chosen else None,
        number=waiting.index(chosen) + 1 if chosen else 0,
        total=len(waiting),
        later=[task for task in waiting if task is not chosen],
        done_today=tasks.done_today(),
        colleagues=[one for one in tasks.colleagues() if one.person_id != person.pk],
        taken=taken,
    )


def _page(
    request: HttpRequest, wanted: int | None, form: DoneForm | None = None, status: int = 200
) -> HttpResponse:
    page = QueuePage(_queue(person_of(request), wanted), form or DoneForm())
    return render_screen(request, "newsroom/byhand/queue.html", page, status=status)


@staff(*WRITERS)
def queue(request: HttpRequest) -> HttpResponse:
    return _page(request, outside.whole(request.GET.get("quale")))


def _back(pk: int | None = None) -> HttpResponse:
    address = reverse("newsroom:byhand")
    return redirect(address if pk is None else f"{address}?quale={pk}")


@staff(*WRITERS, methods=WRITE)
def step(request: HttpRequest, pk: int) -> HttpResponse:
    """Notes that a step was pressed. The page asks with a script, and gets its steps anew."""
    get_object_or_404(Task.objects, pk=pk)
    name = outside.text(request.POST.get("step"))
    if name in tasks.STEPS:
        tasks.note_step(pk, name)
    if request.headers.get("HX-Request") != "true":
        return _back(pk)
    task = Task.objects.select_related("placement__update").get(pk=pk)
    return render(request, "newsroom/byhand/steps.html", {"hand": hand_of(task)})


@staff(*WRITERS, methods=WRITE)
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    task = get_object_or_404(Task.objects.select_related("placement__update", "done_by"), pk=pk)
    form = DoneForm(request.POST)
    if task.done_at is None and not form.is_valid():
        return _page(request, pk, form, status=422)
    title = {"title": isolated(task.placement.update)}
    if task.done_at is None and tasks.finish(pk, url=form.cleaned_data["url"], by=person_of(request)):
        messages.success(request, _("«%(title)s» è sul canale WhatsApp.") % title)
    else:
        messages.info(request, _("«%(title)s» era già segnato come fatto.") % title)
    return _back()


@staff(*WRITERS, methods=WRITE)
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(Task.objects, pk=pk)
    chosen = outside.whole(request.POST.get("to"))
    to = Person.objects.filter(pk=chosen).first() if chosen is not None else None
    if to is None:
        messages.warning(request, _("Scegli a chi passarlo."))
        return _back(pk)
    try:
        tasks.hand_over(pk, to=to, by=person_of(request))
    except tasks.HandingRefused as refused:
        messages.warning(request, refused.words)
    else:
        messages.success(request, _("Passato a %(who)s.") % {"who": isolated(to)})
    return _back()


@staff(*WRITERS)
def photo(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The picture as a file to keep on the phone."""
    task = get_object_or_404(Task.objects.select_related("placement__update"), pk=pk)
    image = task.placement.update.image
    if not image:
        raise Http404
    try:
        file = image.open("rb")
    except FileNotFoundError as missing:
        raise Http404 from missing
    kind = mime_type(image.name or "")
    answer = file_response(request, file, kind)
    suffix = "png" if kind == "image/png" else "jpg"
    answer["Content-Disposition"] = (
        f'attachment; filename="aggiornamento-{task.placement.update_id}.{suffix}"'
    )
    return answer


@staff(*WRITERS)
def finished(request: HttpRequest) -> HttpResponse:
    page = Paginator(tasks.done(), _A_PAGE).get_page(request.GET.get("page"))
    return render(request, "newsroom/byhand/done.html", {"page": page, "live_topics": TOPIC})


@staff(*WRITERS, methods=FORM)
def readings(request: HttpRequest, pk: int) -> HttpResponse:
    """Followers, reactions and votes that somebody read on WhatsApp, with their day."""
    task = get_object_or_404(Task.objects.select_related("placement__update"), pk=pk)
    if request.method != "POST":
        return _readings_page(request, task, ReadingForm())
    form = ReadingForm(request.POST)
    if not form.is_valid():
        return _readings_page(request, task, form, status=422)
    tasks.note_reading(task.pk, **form.cleaned_data, by=person_of(request))
    messages.success(request, _("Numeri annotati."))
    return redirect("newsroom:update", task.placement.update_id)


def _readings_page(request: HttpRequest, task: Task, form: ReadingForm, status: int = 200) -> HttpResponse:
    page = ReadingsPage(task, task.placement.update, form, task.readings.all())
    return render_screen(request, "newsroom/byhand/readings.html", page, status=status)
