# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Canned replies as a table: saved, and read with what is wrong in each row shown before anything is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _, ngettext

from arengo.core import outside
from arengo.core.access import FORM, person_of
from arengo.core.clean_text import isolated
from arengo.core.console.settings_access import setting, show
from arengo.core.uploads import accepts_body
from arengo.desk import tables
from arengo.desk.models import Desk
from arengo.desk.replies import verbs
from arengo.desk.replies.forms import LONGEST, text_problem
from arengo.desk.replies.models import CannedReply
from arengo.desk.tables import ImportPage, Line

COLUMNS = ("titolo", "testo", "argomento", "sportello", "pagina", "da rivedere entro")


@setting()
def export(request: HttpRequest) -> HttpResponse:
    found = CannedReply.objects.select_related("desk").order_by("topic", "title", "pk")
    rows = (
        {
            "titolo": reply.title,
            "testo": reply.text,
            "argomento": reply.topic,
            "sportello": reply.desk.name if reply.desk else "",
            "pagina": reply.link,
            "da rivedere entro": reply.check_by.isoformat() if reply.check_by else "",
        }
        for reply in found
    )
    return tables.response("risposte-pronte.csv", COLUMNS, rows)


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
            rows = tables.read(content, known=COLUMNS, needed=COLUMNS[:2])
            lines, replies = _read(rows)
            taken = len(replies)
            table = tables.as_text(COLUMNS, rows)
            if "confirm" in request.POST and replies:
                verbs.add_all(replies, by=person_of(request))
                words = ngettext("%(many)d risposta aggiunta.", "%(many)d risposte aggiunte.", taken)
                messages.success(request, words % {"many": taken})
                return redirect("settings:replies")
        except (tables.NotATable, verbs.TooMany) as refused:
            problem = str(refused)
    page = ImportPage(lines=lines, table=table, taken=taken, problem=problem, columns=COLUMNS)
    return show(request, "desk_replies/settings/import.html", page, status=422 if problem else 200)


def _read(rows: Sequence[Mapping[str, str]]) -> tuple[list[Line], list[CannedReply]]:
    desks = verbs.desks_by_name()
    titles = {title.casefold() for title in CannedReply.objects.values_list("title", flat=True)}
    lines, replies = [], []
    for number, row in enumerate(rows, start=2):
        title, text = row.get("titolo", ""), row.get("testo", "")
        problem = _problem(row, desks, titles)
        lines.append(Line(number, title, text, problem))
        if not problem:
            titles.add(title.casefold())
            replies.append(
                CannedReply(
                    title=title,
                    text=text,
                    topic=row.get("argomento", ""),
                    desk=desks.get(row.get("sportello", "").casefold()),
                    link=row.get("pagina", ""),
                    check_by=outside.day(row.get("da rivedere entro")),
                )
            )
    return lines, replies


def _problem(row: Mapping[str, str], desks: Mapping[str, Desk], titles: set[str]) -> str:
    title, text = row.get("titolo", ""), row.get("testo", "")
    desk, day, link = row.get("sportello", ""), row.get("da rivedere entro", ""), row.get("pagina", "")
    if not title or not text:
        return _("Mancano il titolo o il testo.")
    if len(title) > 120 or len(row.get("argomento", "")) > 60:
        return _("Il titolo o l’argomento è troppo lungo.")
    if len(text) > LONGEST:
        return _("Il testo è troppo lungo: al massimo %(most)d caratteri.") % {"most": LONGEST}
    if title.casefold() in titles:
        return _("C’è già una risposta con questo titolo.")
    if desk and desk.casefold() not in desks:
        return _("Non c’è uno sportello «%(name)s».") % {"name": isolated(desk)}
    if day and outside.day(day) is None:
        return _("La data si scrive così: 2027-01-31.")
    if link and not is_link(link):
        return _("La pagina non è un indirizzo web.")
    return text_problem(text)


def is_link(value: str) -> bool:
    try:
        URLValidator(schemes=["http", "https"])(value)
    except ValidationError:
        return False
    return len(value) <= 500
