# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The versions of an update: a page of its own, and a pane beside the editor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _, gettext_lazy

from arengo.core import outside
from arengo.core.access import WRITE, person_of, staff
from arengo.core.clean_text import isolated
from arengo.core.retention import periods
from arengo.core.screens import Screen, render_screen
from arengo.newsroom import writing
from arengo.newsroom.drafts import from_kept
from arengo.newsroom.models import Update
from arengo.newsroom.panes import Pane, Tab, tabs
from arengo.newsroom.roles import WRITERS
from arengo.newsroom.versions import verbs
from arengo.newsroom.versions.difference import Change, changes
from arengo.newsroom.versions.models import Version

PANE = Pane("versions", gettext_lazy("Versioni"), "newsroom:versions", order=40)


@dataclass(frozen=True)
class Past:
    """``changes``: what differs from the version before it that is kept. ``is_first``: there is none."""

    version: Version
    changes: Sequence[Change]
    is_first: bool
    is_now: bool


@dataclass(frozen=True)
class VersionsPage(Screen):
    update: Update
    panes: Sequence[Tab]
    past: Sequence[Past]
    days: int  # for which they are kept


def past_of(update: Update) -> list[Past]:
    """The newest first. At most as many as are kept (``keeping.MOST``)."""
    kept = list(Version.objects.filter(update=update).select_related("by").order_by("number"))
    found = []
    for before, version in zip([None, *kept], kept, strict=False):
        differs = (
            []
            if before is None
            else changes(
                from_kept(before.content),
                from_kept(version.content),
                picture_changed=before.picture != version.picture,
            )
        )
        is_now = update.is_draft and version is kept[-1]
        found.append(Past(version, differs, is_first=before is None, is_now=is_now))
    return found[::-1]


@staff(*WRITERS)
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    update = get_object_or_404(Update.objects, pk=pk)
    page = VersionsPage(update, tabs(update), past_of(update), periods.days("newsroom.versions"))
    return render_screen(request, "newsroom/versions/page.html", page)


@staff(*WRITERS, methods=WRITE)
def restore(request: HttpRequest, pk: int, version: int) -> HttpResponse:
    wanted = get_object_or_404(Version.objects, pk=version, update_id=pk)
    seen = outside.whole(request.POST.get("version"), most=outside.MOST_INTEGER) or 0
    try:
        verbs.restore(wanted, version=seen, by=person_of(request))
    except writing.EditedMeanwhile as meanwhile:
        words = _("%(who)s l'ha cambiato adesso: guarda che cosa dice, poi riprendi la versione che vuoi.")
        messages.warning(request, words % {"who": isolated(meanwhile.update.edited_by)})
        return redirect("newsroom:versions", pk)
    except writing.NoLongerDraft:
        messages.error(request, _("È già stato inviato: non si cambia più."))
        return redirect("newsroom:update", pk)
    messages.success(
        request, _("Ripresa la versione %(n)d. Quella di prima resta fra le versioni.") % {"n": wanted.number}
    )
    return redirect("newsroom:edit", pk)
