# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list of updates and the editor."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from arengo.core import outside
from arengo.core.access import FORM, WRITE, organization_of, person_of, staff
from arengo.core.clean_text import isolated
from arengo.core.console.confirming import Question, asks
from arengo.core.screens import Screen, render_screen
from arengo.core.sending_files import file_response
from arengo.core.uploads import accepts_body
from arengo.newsroom import estimating, readability, templates, ways_out, writing
from arengo.newsroom.checking import Problem
from arengo.newsroom.drafts import Draft, Flash, draft_of
from arengo.newsroom.forms import LIMITS, SLOTS, EditorLimits, Slot, UpdateForm, form_of, rubric_of
from arengo.newsroom.kinds.base import registry as kinds
from arengo.newsroom.kinds.base.contract import Kind
from arengo.newsroom.listing import Row, rows, still_leaving
from arengo.newsroom.models import Update
from arengo.newsroom.outlets.base import registry
from arengo.newsroom.outlets.base.contract import Waiting
from arengo.newsroom.panes import Tab, tabs
from arengo.newsroom.parts import Mark, Place, Shown, marks_of, shown
from arengo.newsroom.pictures import mime_type
from arengo.newsroom.presence import TOPIC as PRESENCE
from arengo.newsroom.readability import Reading
from arengo.newsroom.roles import WRITERS
from arengo.newsroom.schedule.calendar import calendar
from arengo.newsroom.senders import senders
from arengo.newsroom.topics import matter, names_of, quarter_names_of
from arengo.newsroom.waiting import waiting

EDITOR_MOST_BYTES = (
    16 * 1024 * 1024
)  # a form with an image: what is somewhat too large gets the field's own words
_A_PAGE = 20
_MOST_WATCHED = 20  # topics of one live stream


@dataclass(frozen=True)
class DraftRow:
    update: Update
    marks: Sequence[Mark]


@dataclass(frozen=True)
class UpdatesPage(Screen):
    """``leaving``: those that are still on their way. ``live_triggers``: the ``live_topics``, as htmx listens to them."""

    tops: Sequence[Shown]
    parts: Sequence[Shown]
    drafts: Sequence[DraftRow]
    leaving: Sequence[Row]
    published: Sequence[Row]
    page: Page[Update]
    templates_line: templates.Line | None
    waiting: Sequence[Waiting]
    other_kinds: Sequence[Kind]
    live_topics: str
    live_triggers: str


@staff(*WRITERS)
def updates(request: HttpRequest) -> HttpResponse:
    everything: QuerySet[Update] = Update.objects.select_related(
        "author", "edited_by", "sent_by", "appointment"
    )
    sent = everything.prefetch_related("placements").order_by("-sent_at", "-id")
    leaving = list(sent.filter(still_leaving()))
    topics = [writing.LIST_TOPIC, *(one.topic for one in leaving[:_MOST_WATCHED])]
    gone = sent.filter(state=Update.State.PUBLISHED, archived_at=None).exclude(
        pk__in=[one.pk for one in leaving]
    )
    page = Paginator(gone, _A_PAGE).get_page(request.GET.get("page"))
    sent_rows = rows([*leaving, *page.object_list])
    drafts = list(everything.filter(state=Update.State.DRAFT, archived_at=None).order_by("-edited_at", "-id"))
    marks = marks_of([one.pk for one in drafts])
    screen = UpdatesPage(
        tops=shown(Place.HOME_TOP, request),
        parts=shown(Place.HOME, request),
        drafts=[DraftRow(one, marks.get(one.pk, ())) for one in drafts],
        leaving=sent_rows[: len(leaving)],
        published=sent_rows[len(leaving) :],
        page=page,
        templates_line=templates.line(),
        waiting=waiting(),
        other_kinds=[kind for kind in kinds.kinds() if kind is not kinds.usual()],
        live_topics=",".join(topics),
        live_triggers=", ".join(f"sse:{topic}" for topic in topics),
    )
    return render_screen(request, "newsroom/updates.html", screen, calendar(request))


@accepts_body(EDITOR_MOST_BYTES)
@staff(*WRITERS, methods=FORM)
def new(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        form = UpdateForm(request.POST, request.FILES, senders=senders())
        return _saved(request, form, None)
    kind = kinds.find(outside.text(request.GET.get("tipo"), most=40)) or kinds.usual()
    blank = Draft(outlets=registry.at_first(), kind=kind.key)
    rubrics = {f"rubric_{number}": rubric_of(kind.key, number) for number in SLOTS}
    first = {"outlets": list(blank.outlets), "kind": kind.key, "born_as": uuid.uuid4().hex, **rubrics}
    form = UpdateForm(initial=first, senders=senders())
    return _editor(request, form, None, blank)


@accepts_body(EDITOR_MOST_BYTES)
@staff(*WRITERS, methods=FORM)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    update = get_object_or_404(Update.objects.select_related("edited_by", "appointment"), pk=pk)
    if request.method == "POST":
        form = UpdateForm(
            request.POST, request.FILES, senders=senders(), stored=update.outlets, kind=update.kind
        )
        return _saved(request, form, update)
    if not update.is_draft:
        return redirect("newsroom:update", pk)
    draft = draft_of(update)
    form = form_of(update, senders())
    form.is_valid()
    form.show(estimating.readiness(draft, organization_of(request)).wrong)
    return _editor(request, form, update, draft)


def _saved(request: HttpRequest, form: UpdateForm, update: Update | None) -> HttpResponse:
    """Saves what was written, then goes where the pressed button leads."""
    form.is_valid()
    draft = form.draft(update)
    if not form.readable:
        return _editor(request, form, update, draft, status=422)
    if update is None and draft.is_blank and not form.errors:
        messages.info(request, _("Non c'è ancora nulla da salvare: scrivi almeno il titolo."))
        return _editor(request, form, None, draft, status=422)
    stored = bool(update and update.image) and not form.cleaned_data.get("remove_image")
    by, version = person_of(request), form.cleaned_data.get("version") or 0
    keep = replace(draft, has_image=stored or form.fitted is not None)
    born_as = form.cleaned_data.get("born_as", "")
    try:
        saved = (
            writing.create(organization_of(request), keep, by=by, image=form.fitted, born_as=born_as)
            if update is None
            else writing.save(update.pk, keep, version=version, by=by, image=form.fitted)
        )
    except writing.EditedMeanwhile as meanwhile:
        return _conflict(request, form, meanwhile.update, draft)
    except writing.NoLongerDraft as gone:
        # What the person wrote stays on the page, to be copied.
        written = [slot for slot in form.slots() if slot.text.value() or slot.url.value()]
        page = TooLatePage(gone.update, written, form)
        return render_screen(request, "newsroom/too_late.html", page, status=409)
    return _after_saving(request, form, saved)


def _after_saving(request: HttpRequest, form: UpdateForm, update: Update) -> HttpResponse:
    unfit_image = [str(error) for error in form.errors.get("image", [])]
    found = estimating.readiness(draft_of(update), organization_of(request))
    action = outside.text(request.POST.get("action"), most=40)
    way = ways_out.find(action)
    if action == "send" or way is not None:
        if found.may_go and not unfit_image:
            return redirect(way.url_name if way else "newsroom:send", update.pk)
        fresh = _again(update, found.problems, unfit_image)
        return _editor(request, fresh, update, draft_of(update), status=422, refused=True)
    if unfit_image or found.wrong:
        fresh = _again(update, found.wrong, unfit_image)
        messages.warning(request, _("Bozza salvata. C'è qualcosa da correggere prima di inviarla."))
        return _editor(request, fresh, update, draft_of(update), status=422)
    messages.success(request, _("Bozza salvata."))
    return redirect("newsroom:edit", update.pk)


def _again(update: Update, problems: Sequence[Problem], unfit_image: list[str]) -> UpdateForm:
    form = form_of(update, senders())
    form.is_valid()
    for words in unfit_image:
        form.add_error("image", words)
    form.show(problems)
    return form


@dataclass(frozen=True)
class Conflict:
    """``lost_image``: a picture was chosen, which has to be chosen again."""

    theirs: Update
    lines: Sequence[Flash]
    topics: Sequence[str]
    quarters: Sequence[str]
    lost_image: bool


def _conflict(request: HttpRequest, form: UpdateForm, theirs: Update, draft: Draft) -> HttpResponse:
    """Somebody else saved meanwhile: both texts on one page, nothing decided for the person."""
    data = request.POST.copy()
    data["version"] = str(theirs.version)
    fresh = UpdateForm(data, senders=senders(), stored=theirs.outlets, kind=theirs.kind)
    fresh.is_valid()
    conflict = Conflict(
        theirs,
        kinds.as_lines(draft_of(theirs)).items,
        names_of(theirs.topics),
        quarter_names_of(theirs.quarters),
        lost_image=form.fitted is not None,
    )
    return _editor(request, fresh, theirs, draft, status=409, conflict=conflict)


@dataclass(frozen=True)
class TooLatePage(Screen):
    """``slots``: those where something was written."""

    update: Update
    slots: Sequence[Slot]
    form: UpdateForm


def _asks_topics(form: UpdateForm, draft: Draft) -> bool:
    return not {"topics", "quarters"}.isdisjoint(form.fields) and matter(draft)


@dataclass(frozen=True)
class PanelPart(Screen):
    """The right side of the editor. ``update`` None: it was never saved. ``topics_shown``: topics or quarters are asked for.

    ``fragment``: it is asked for alone; what the bar says comes along.
    """

    update: Update | None
    ready: estimating.Readiness
    reading: Reading
    topics_shown: bool
    fragment: bool = False


@dataclass(frozen=True)
class EditorPage(Screen):
    """Beside PanelPart. ``refused``: it was to be sent, and cannot yet."""

    form: UpdateForm
    slots: Sequence[Slot]
    limits: EditorLimits
    kind: Kind
    all_kinds: Sequence[Kind]
    refused: bool
    conflict: Conflict | None
    panes: Sequence[Tab]
    heads: Sequence[Shown]
    parts: Sequence[Shown]
    feet: Sequence[Shown]
    ways: Sequence[ways_out.Button]
    send_is_first: bool  # sending now is what is pressed next
    live_topics: str


def _panel(request: HttpRequest, form: UpdateForm, update: Update | None, draft: Draft) -> PanelPart:
    ready = estimating.readiness(draft, organization_of(request))
    return PanelPart(update, ready, readability.of(draft), topics_shown=_asks_topics(form, draft))


def _editor(
    request: HttpRequest,
    form: UpdateForm,
    update: Update | None,
    draft: Draft,
    *,
    status: int = 200,
    refused: bool = False,
    conflict: Conflict | None = None,
) -> HttpResponse:
    buttons = ways_out.buttons(update)
    page = EditorPage(
        form=form,
        slots=form.slots(),
        limits=LIMITS,
        kind=kinds.find(draft.kind) or kinds.usual(),
        all_kinds=kinds.kinds(),
        refused=refused,
        conflict=conflict,
        panes=tabs(update),
        heads=shown(Place.HEAD, request, update),
        parts=shown(Place.EDITOR, request, update),
        feet=shown(Place.EDITOR_FOOT, request, update),
        ways=buttons,
        send_is_first=not any(way.is_first for way in buttons),
        live_topics=f"{update.topic},{PRESENCE}" if update else "",
    )
    panel = _panel(request, form, update, draft)
    return render_screen(request, "newsroom/editor.html", page, panel, status=status)


@staff(*WRITERS, methods=WRITE)
def preview(request: HttpRequest) -> HttpResponse:
    """The right side of the editor, for what is being written and not saved yet."""
    pk = outside.whole(request.POST.get("update"))
    update = Update.objects.filter(pk=pk).first() if pk is not None else None
    stored = update.outlets if update else ()
    form = UpdateForm(request.POST, senders=senders(), stored=stored, kind=update.kind if update else "")
    form.is_valid()
    panel = replace(_panel(request, form, update, form.draft(update)), fragment=True)
    return render_screen(request, "newsroom/panel.html", panel)


@dataclass(frozen=True)
class AboutUpdate(Question):
    update: Update


def _discarding(request: HttpRequest, pk: int) -> AboutUpdate:
    update = get_object_or_404(Update.objects, pk=pk)
    return AboutUpdate(reverse("newsroom:edit", args=[pk]), isolated(update), update)


@staff(*WRITERS, methods=FORM)
@asks("newsroom/discard_question.html", _discarding)
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    update = get_object_or_404(Update.objects, pk=pk)
    try:
        writing.discard(update.pk, by=person_of(request))
    except writing.NoLongerDraft:
        messages.error(request, _("È già stato inviato: non si può più eliminare."))
        return redirect("newsroom:update", pk)
    messages.success(request, _("Bozza eliminata."))
    return redirect("newsroom:updates")


@staff(*WRITERS)
def image(request: HttpRequest, pk: int) -> HttpResponseBase:
    update = get_object_or_404(Update.objects, pk=pk)
    if not update.image:
        raise Http404
    try:
        file = update.image.open("rb")
    except FileNotFoundError as missing:
        raise Http404 from missing
    return file_response(request, file, mime_type(update.image.name or ""))


def said_when(update: Update) -> str:
    """When it was sent, for a sentence."""
    return date_format(localtime(update.sent_at), "j F, H:i") if update.sent_at else ""
