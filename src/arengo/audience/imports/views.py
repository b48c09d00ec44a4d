# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Importa: the file, how the work goes on, what came of it, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _, ngettext

from arengo.audience.imports import entries, proof, verbs
from arengo.audience.imports.files.table import MOST_BYTES
from arengo.audience.imports.models import Import, Row
from arengo.audience.imports.steps import FILE, IMPORT, address_of, steps_at
from arengo.audience.models import Subscription
from arengo.core import csv_text, outside
from arengo.core.access import FORM, organization_of, person_of, staff
from arengo.core.clean_text import isolated
from arengo.core.console.confirming import Question, asks
from arengo.core.models import Role
from arengo.core.screens import Screen, render_screen
from arengo.core.templatetags.arengo import named
from arengo.core.uploads import accepts_body
from arengo.delivery.models import Sender

_CHUNK = 1024 * 1024  # bytes of one part
_FORM = 64 * 1024  # bytes of a request besides its file
_SHOWN = 20  # imports in the list
_OUT = (Row.State.WRONG, Row.State.DOUBLE, Row.State.LEFT, Row.State.UNPROVED)
WORKING = (Import.State.READING, Import.State.CHECKING, Import.State.RUNNING, Import.State.UNDOING)


def senders() -> list[Sender]:
    """Active ones first."""
    return list(Sender.objects.order_by("state", "pk"))


def import_of(pk: int) -> Import:
    found: Import = get_object_or_404(Import.objects.select_related("by"), pk=pk)
    return found


@dataclass(frozen=True)
class Past:
    """A line of the list of imports."""

    batch: Import
    address: str
    by: str
    draft: bool


@dataclass(frozen=True)
class ImportsPage(Screen):
    past: Sequence[Past]
    ready: bool
    problem: str
    most_megabytes: int


@accepts_body(MOST_BYTES + _FORM)
@staff(Role.ADMINISTRATOR, methods=FORM)
def imports(request: HttpRequest) -> HttpResponse:
    problem = ""
    possible = senders()
    if request.method == "POST":
        upload = request.FILES.get("file")
        if not possible:
            problem = _("Prima serve un mittente: il numero da cui queste persone riceveranno gli avvisi.")
        elif upload is None or not upload.size:
            problem = _("Scegli un file che non sia vuoto.")
        elif upload.size > MOST_BYTES:
            problem = _("Il file supera 50 MB: dividilo in più file.")
        else:
            name = outside.text(upload.name, most=200) or _("elenco")
            batch = verbs.upload(
                organization_of(request),
                name,
                upload.chunks(_CHUNK),
                sender_id=possible[0].pk,
                by=person_of(request),
            )
            return redirect("audience:import", pk=batch.pk)
    past = [
        Past(each, address_of(each), str(each.by), draft=each.state in verbs.DRAFT)
        for each in Import.objects.select_related("by").order_by("-created_at", "-pk")[:_SHOWN]
    ]
    page = ImportsPage(past, bool(possible), problem, MOST_BYTES // 2**20)
    return render_screen(
        request, "audience_imports/imports.html", page, steps_at(FILE, None), status=422 if problem else 200
    )


@staff(Role.ADMINISTRATOR)
def model_file(request: HttpRequest) -> HttpResponse:
    """A table with the right headings and one made-up person."""
    heads = ("Cellulare", "Nome e cognome", "Temi", "Data della richiesta", "Prova della richiesta")
    row = ("+39 333 000 0001", "Anna Esempio", "Eventi", "03/05/2026", "faldone 12, modulo 48")
    return csv_text.response("iscritti.csv", heads, [dict(zip(heads, row, strict=True))])


@dataclass(frozen=True)
class ProgressPage(Screen):
    """``title``: what is done now. ``done`` of ``total`` rows; ``total`` 0 where it is not known."""

    title: str
    done: int
    total: int
    may_stop: bool


@dataclass(frozen=True)
class ResultPage(Screen):
    """``until``: when the time to undo is over; None where nothing can be undone. ``rows``: whether they are still kept."""

    by: str
    proof: str
    until: datetime | None
    listed_now: int
    rows: bool


def _progress(batch: Import) -> ProgressPage:
    many = number_format(batch.total, use_l10n=True, force_grouping=True)
    titles = {
        Import.State.READING: _("Leggo il file"),
        Import.State.CHECKING: _("Controllo le righe"),
        Import.State.RUNNING: ngettext("Importo %(many)s persona", "Importo %(many)s persone", batch.total)
        % {"many": many},
        Import.State.UNDOING: _("Annullo l’importazione"),
    }
    return ProgressPage(
        title=titles.get(Import.State(batch.state), ""),
        done=min(batch.done, batch.total),
        total=batch.total,
        may_stop=batch.state == Import.State.RUNNING,
    )


@staff(Role.ADMINISTRATOR)
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Where an import is entered: the work as it goes on, what came of it, or the step at which it waits."""
    batch = import_of(pk)
    steps = steps_at(FILE if batch.state == Import.State.UNREADABLE else IMPORT, batch)
    if batch.state in WORKING:
        at = {Import.State.READING: 2, Import.State.CHECKING: 3}.get(Import.State(batch.state), IMPORT)
        return render_screen(request, "audience_imports/progress.html", _progress(batch), steps_at(at, batch))
    if batch.state == Import.State.UNREADABLE:
        return render_screen(request, "audience_imports/unreadable.html", steps)
    if batch.state in (Import.State.DONE, Import.State.UNDONE):
        return render_screen(request, "audience_imports/result.html", _result(batch), steps)
    return redirect(address_of(batch))


def _result(batch: Import) -> ResultPage:
    end = batch.finished_at + verbs.UNDO_FOR if batch.finished_at else None
    return ResultPage(
        by=str(batch.by),
        proof=proof.summary(batch),
        until=end if verbs.may_undo(batch) else None,
        listed_now=Subscription.objects.filter(active=True).count(),
        rows=Row.objects.filter(batch=batch).exists(),
    )


@staff(Role.ADMINISTRATOR)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part that asks again each second; once the work is done it leads on."""
    batch = import_of(pk)
    if batch.state not in WORKING:
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("audience:import", args=[pk])})
    return render_screen(request, "audience_imports/bar.html", _progress(batch), steps_at(IMPORT, batch))


@staff(Role.ADMINISTRATOR)
def left_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Rows that stay out, with the reason beside each, to be mended and imported alone."""
    batch = import_of(pk)
    heads = (_("Riga"), _("Cellulare"), _("Nome e cognome"), _("Motivo"))
    rows = Row.objects.filter(batch=batch, state__in=_OUT).order_by("number").iterator(chunk_size=2_000)
    lines = (
        dict(zip(heads, (str(row.number), row.entry.phone, row.entry.name, reason(row)), strict=True))
        for row in rows
    )
    return csv_text.response(_("righe-fuori.csv"), heads, lines)


def reason(row: Row) -> str:
    """Why it stays out, in words; "" of one that does not."""
    if row.state == Row.State.WRONG:
        return entries.words(row.problem, row.entry)
    if row.state == Row.State.DOUBLE:
        return _("È lo stesso numero della riga %(number)s.") % {"number": row.detail}
    if row.state == Row.State.UNPROVED:
        return _("Nella riga manca la prova della richiesta, o la sua data.")
    if row.state == Row.State.LEFT:
        day = entries.day_of(row.detail)
        if day is None:
            return _("Si era cancellata. Non la iscriviamo di nuovo.")
        return _("Si era cancellata il %(day)s. Non la iscriviamo di nuovo.") % {"day": named(day, "j F Y")}
    return _("È già iscritta: non cambia nulla.") if row.state == Row.State.LISTED else ""


@dataclass(frozen=True)
class Undoing(Question):
    batch: Import


def _undoing(request: HttpRequest, pk: int) -> Undoing:
    batch = import_of(pk)
    return Undoing(reverse("audience:import", args=[pk]), isolated(batch.name), batch)


@staff(Role.ADMINISTRATOR, methods=FORM)
@asks("audience_imports/undo_question.html", _undoing)
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    import_of(pk)
    try:
        verbs.undo(pk, by=person_of(request))
    except verbs.NotNow as refused:
        messages.error(request, str(refused))
    return redirect("audience:import", pk=pk)


@staff(Role.ADMINISTRATOR, methods=FORM)
@asks("audience_imports/discard_question.html", _undoing)
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    batch = import_of(pk)
    try:
        verbs.discard(pk, by=person_of(request))
    except verbs.NotNow as refused:
        messages.error(request, str(refused))
        return redirect("audience:import", pk=pk)
    messages.success(
        request,
        _("«%(name)s» scartato: il file e le sue righe non ci sono più.") % {"name": isolated(batch.name)},
    )
    return redirect("audience:imports")
