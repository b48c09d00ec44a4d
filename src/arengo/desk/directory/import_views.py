# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The directory as a table: saved, and read with what is wrong in each row shown before anything is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _, ngettext

from arengo.core import outside
from arengo.core.access import FORM, person_of
from arengo.core.console.settings_access import setting, show
from arengo.core.uploads import accepts_body
from arengo.desk import tables
from arengo.desk.directory import offering, verbs
from arengo.desk.directory.models import DirectoryEntry
from arengo.desk.directory.settings_views import EntryForm
from arengo.desk.tables import ImportPage, Line

# The columns, and the fields that they are.
FIELDS = {
    "nome": "name",
    "tipo": "kind",
    "dove": "place",
    "orari": "hours",
    "telefono": "phone",
    "e-mail": "mail",
    "pagina": "link",
    "argomento": "topic",
    "nota": "note",
}
COLUMNS = tuple(FIELDS)


@setting()
def export(request: HttpRequest) -> HttpResponse:
    rows = (
        {column: str(getattr(entry, field)) for column, field in FIELDS.items()}
        | {"tipo": entry.get_kind_display()}
        for entry in DirectoryEntry.objects.all()
    )
    return tables.response("rubrica.csv", COLUMNS, rows)


@accepts_body(2 * tables.MOST_BYTES)
@setting(methods=FORM)
def import_page(request: HttpRequest) -> HttpResponse:
    """First the file, which is shown and not kept; then its text again, with ``confirm``."""
    lines: list[Line] = []
    table, problem, taken = "", "", 0
    if request.method == "POST":
        upload = request.FILES.get("file")
        kept = outside.text(request.POST.get("table"), most=tables.MOST_BYTES)
        try:
            content = upload.read(tables.MOST_BYTES + 1) if upload else kept.encode()
            rows = tables.read(content, known=COLUMNS, needed=COLUMNS[:1])
            lines, entries = _read(rows)
            taken = len(entries)
            table = tables.as_text(COLUMNS, rows)
            if "confirm" in request.POST and entries:
                verbs.add_all(entries, by=person_of(request))
                words = ngettext("%(many)d voce aggiunta.", "%(many)d voci aggiunte.", taken)
                messages.success(request, words % {"many": taken})
                return redirect("settings:directory")
        except (tables.NotATable, verbs.TooMany) as refused:
            problem = str(refused)
    page = ImportPage(lines=lines, table=table, taken=taken, problem=problem, columns=COLUMNS)
    return show(request, "desk_directory/settings/import.html", page, status=422 if problem else 200)


def _read(rows: Sequence[Mapping[str, str]]) -> tuple[list[Line], list[DirectoryEntry]]:
    """Each row through the form in which one entry is written: what is wrong there is wrong here."""
    kinds = {str(kind.label).casefold(): kind.value for kind in DirectoryEntry.Kind}
    names = {name.casefold() for name in DirectoryEntry.objects.values_list("name", flat=True)}
    lines, entries = [], []
    for number, row in enumerate(rows, start=2):
        values = {field: row.get(column, "") for column, field in FIELDS.items()}
        kind = values["kind"].casefold()
        values["kind"] = kinds.get(kind, kind) or DirectoryEntry.Kind.OFFICE
        form = EntryForm(values)
        problem = "" if form.is_valid() else _problem(form)
        if not problem and values["name"].casefold() in names:
            problem = _("C’è già una voce con questo nome.")
        entry = form.save(commit=False) if not problem else None
        lines.append(Line(number, values["name"], offering.written(entry) if entry else "", problem))
        if entry is not None:
            names.add(values["name"].casefold())
            entries.append(entry)
    return lines, entries


def _problem(form: EntryForm) -> str:
    return " ".join(
        f"{form.fields[name].label}: {' '.join(str(each) for each in found)}"
        for name, found in form.errors.items()
    )
