# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The first steps after the file: what its columns are, and what is wrong in which row. Each is saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext

from arengo.audience.imports import running, verbs
from arengo.audience.imports.checking import topic_words
from arengo.audience.imports.columns import Field
from arengo.audience.imports.entries import Reading
from arengo.audience.imports.models import Import, Row
from arengo.audience.imports.steps import CHECK, COLUMNS, steps_at
from arengo.audience.imports.verbs import NotNow
from arengo.audience.imports.views import import_of, reason, senders
from arengo.audience.models import Topic
from arengo.core import outside
from arengo.core.access import FORM, staff
from arengo.core.models import Role
from arengo.core.screens import Screen, render_screen
from arengo.core.templatetags.arengo import named
from arengo.delivery.models import Sender

_PER_PAGE = 50
_MOST_WORDS = 100  # of topics, in one form
_MOST_NUMBER = 60  # characters of a corrected number

# --- columns --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Column:
    place: int
    head: str
    samples: str
    field: str


@dataclass(frozen=True)
class ColumnsPage(Screen):
    """``phone``, ``name``, ``receives``, ``day``: what the first row comes to. ``accents``: cells by which one sees the encoding."""

    columns: Sequence[Column]
    choices: Sequence[tuple[str, str]]
    possible: Sequence[Sender]
    problem: str
    accents: Sequence[str]
    encodings: Sequence[tuple[str, str]]
    first: int
    phone: str
    name: str
    receives: str
    day: str


@staff(Role.ADMINISTRATOR, methods=FORM)
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    batch = import_of(pk)
    if batch.state not in (Import.State.COLUMNS, Import.State.CHECKED) or not batch.sample_sealed:
        return redirect("audience:import", pk=pk)
    chosen, problem = list(batch.columns), ""
    if request.method == "POST":
        posted_fields = (
            outside.text(request.POST.get(f"column-{place}"), most=12) for place in range(len(chosen))
        )
        chosen = [field if field in Field.values else "" for field in posted_fields]
        try:
            if encoding := outside.text(request.POST.get("encoding"), most=20):
                verbs.read_again(pk, encoding)
            else:
                verbs.confirm_columns(pk, chosen, _sender(request, batch))
        except NotNow as refused:
            problem = str(refused)
        else:
            return redirect("audience:import", pk=pk)
    return render_screen(
        request,
        "audience_imports/columns.html",
        _columns_page(batch, chosen, problem),
        steps_at(COLUMNS, batch),
        status=422 if problem else 200,
    )


def _sender(request: HttpRequest, batch: Import) -> int:
    wanted = outside.whole(request.POST.get("sender"))
    return wanted if wanted in [sender.pk for sender in senders()] and wanted else batch.sender_id or 0


def _columns_page(batch: Import, chosen: Sequence[str], problem: str) -> ColumnsPage:
    sample = batch.sample
    names = {topic.pk: topic.name for topic in Topic.in_use()}
    reading = Reading(chosen, topic_words(), timezone.localdate())
    entry, _problem = reading.entry(sample.rows[0]) if sample.rows else reading.entry([""] * len(chosen))
    possible = senders()
    return ColumnsPage(
        columns=[
            Column(
                place, head, " · ".join(row[place] for row in sample.rows[:3] if row[place]), chosen[place]
            )
            for place, head in enumerate(sample.heads)
        ],
        choices=[(str(value), str(label)) for value, label in Field.choices],
        possible=possible if len(possible) > 1 else [],
        problem=problem,
        accents=sample.accents if batch.encoding else [],
        encodings=[
            (encoding, label)
            for encoding, label in (
                ("utf-8", _("Moderno (UTF-8)")),
                ("cp1252", _("Windows vecchio")),
                ("mac_roman", _("Mac vecchio")),
            )
            if encoding != batch.encoding
        ],
        first=sample.first,
        phone=entry.phone,
        name=entry.name,
        receives=", ".join(names[pk] for pk in entry.topics if pk in names) or _("tutti i temi"),
        day=named(day, "j F Y") if (day := outside.day(entry.day)) else "",
    )


# --- check ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kind:
    """A chip: which rows, and how many there are."""

    key: str
    name: str
    many: int
    current: bool


@dataclass(frozen=True)
class Line:
    pk: int
    number: int
    name: str
    phone: str
    reason: str


@dataclass(frozen=True)
class Unknown:
    """A word of the column of topics. ``meant``: what a person chose; None: nothing yet."""

    word: str
    count: int
    meant: int | None


@dataclass(frozen=True)
class CheckPage(Screen):
    unknown: Sequence[Unknown]
    asks: bool
    topics: Sequence[tuple[int, str]]
    kinds: Sequence[Kind]
    lines: Sequence[Line]
    page: Page[Row]
    key: str
    ready: int
    wrong: int
    out: int


@staff(Role.ADMINISTRATOR, methods=FORM)
def check(request: HttpRequest, pk: int) -> HttpResponse:
    batch = import_of(pk)
    if batch.state != Import.State.CHECKED:
        return redirect("audience:import", pk=pk)
    if request.method == "POST" and "topics" in request.POST:
        return _matched(request, pk)
    if request.method == "POST":
        typed = {
            row: outside.text(request.POST[name], most=_MOST_NUMBER)
            for name in list(request.POST)[: 2 * _PER_PAGE]
            if name.startswith("phone-") and (row := outside.whole(name.removeprefix("phone-")))
        }
        try:
            mended = verbs.mend(pk, typed)
        except NotNow as refused:
            messages.error(request, str(refused))
        else:
            words = ngettext("%(many)d riga corretta.", "%(many)d righe corrette.", mended) % {"many": mended}
            messages.success(request, words)
        return redirect("audience:import_check", pk=pk)
    counts = running.counts(pk)
    names = {
        Row.State.WRONG: _("Da correggere"),
        Row.State.DOUBLE: _("Doppie"),
        Row.State.LISTED: _("Già iscritti"),
        Row.State.LEFT: _("Si erano cancellati"),
        Row.State.UNPROVED: _("Senza prova"),
        Row.State.READY: _("Pronte"),
    }
    there = [state for state in names if counts.get(state)] or [Row.State.READY]
    asked = outside.text(request.GET.get("quali"), most=10)
    key = next((state for state in there if state == asked), there[0])
    rows = Row.objects.filter(batch=batch, state=key).order_by("number")
    page = Paginator(rows, _PER_PAGE).get_page(request.GET.get("page"))
    ready = counts.get(Row.State.READY, 0)
    unknown = _unknown(batch)
    screen = CheckPage(
        unknown=unknown,
        asks=any(each.meant is None for each in unknown),
        topics=list(Topic.objects.values_list("pk", "name")),
        kinds=[Kind(str(state), names[state], counts.get(state, 0), state == key) for state in there],
        lines=[Line(row.pk, row.number, (held := row.entry).name, held.phone, reason(row)) for row in page],
        page=page,
        key=str(key),
        ready=ready,
        wrong=counts.get(Row.State.WRONG, 0),
        out=sum(counts.values()) - ready,
    )
    return render_screen(request, "audience_imports/check.html", screen, steps_at(CHECK, batch))


def _unknown(batch: Import) -> list[Unknown]:
    by_hand = batch.by_hand
    return [
        *(Unknown(word, many, None) for word, many in by_hand.unknown),
        *(Unknown(word, 0, topic) for word, topic in sorted(by_hand.topics.items())),
    ]


def _matched(request: HttpRequest, pk: int) -> HttpResponse:
    """What each word means: pairs ``word-<n>`` and ``topic-<n>``."""
    meant = {
        outside.text(request.POST.get(f"word-{number}")): outside.whole(request.POST.get(f"topic-{number}"))
        for number in range(_MOST_WORDS)
    }
    try:
        verbs.match_topics(pk, meant)
    except NotNow as refused:
        messages.error(request, str(refused))
        return redirect("audience:import_check", pk=pk)
    return redirect("audience:import", pk=pk)
