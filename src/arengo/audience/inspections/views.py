# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tutte le prove: an administrator has the archive made, sees how far it is, and takes it away once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from tempfile import TemporaryFile

from django.contrib import messages
from django.core.files.base import File
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from arengo.audience.inspections import verbs
from arengo.audience.inspections.models import Inspection, Piece
from arengo.audience.models import Consent
from arengo.core.access import FORM, WRITE, organization_of, person_of, staff
from arengo.core.models import Role
from arengo.core.screens import Screen, render_screen
from arengo.core.sending_files import file_response

_SHOWN = 20


@dataclass(frozen=True)
class Shown:
    inspection: Inspection
    may_take: bool


@dataclass(frozen=True)
class InspectionsPage(Screen):
    """``lines``: of the log today. ``making``: the one in hand."""

    lines: int
    making: Inspection | None
    past: Sequence[Shown]
    days: int


@staff(Role.ADMINISTRATOR, methods=FORM)
def inspections(request: HttpRequest) -> HttpResponse:
    by = person_of(request)
    if request.method == "POST":
        try:
            verbs.ask(organization_of(request), by=by)
        except verbs.NotNow as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("L’archivio è in preparazione: puoi chiudere la pagina e tornare."))
        return redirect("audience:inspections")
    found = Inspection.objects.select_related("by", "taken_by").order_by("-pk")[:_SHOWN]
    page = InspectionsPage(
        lines=Consent.objects.count(),
        making=next((each for each in found if each.state == Inspection.State.MAKING), None),
        past=[
            Shown(each, verbs.may_take(each, by)) for each in found if each.state != Inspection.State.MAKING
        ],
        days=verbs.KEPT.days,
    )
    return render_screen(request, "audience_inspections/inspections.html", page)


@staff(Role.ADMINISTRATOR, methods=WRITE)
def take(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Its pieces go through a file that has no name: the memory stays flat."""
    get_object_or_404(Inspection.objects, pk=pk)
    try:
        inspection = verbs.take(pk, by=person_of(request))
    except verbs.NotNow as refused:
        messages.error(request, str(refused))
        return redirect("audience:inspections")
    whole = TemporaryFile()  # noqa: SIM115  # closed by the answer
    for piece in Piece.objects.filter(inspection=inspection).order_by("position").iterator(chunk_size=4):
        whole.write(piece.content)
    whole.flush()
    file = File(whole)
    file.size = inspection.size
    response = file_response(request, file, "application/zip")
    response["Content-Disposition"] = f'attachment; filename="prove-{inspection.pk}.zip"'
    response["Cache-Control"] = "no-store"
    return response
