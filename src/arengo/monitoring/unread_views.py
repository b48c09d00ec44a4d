# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Posta in arrivo non letta: webhooks of which something could not be read. Kept, shown, read again on request.

What stands in them is not shown: it may be what a citizen wrote. The problem says where the reader stumbled.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from arengo.core.access import FORM, WRITE
from arengo.core.clean_text import isolated
from arengo.core.console.confirming import Question, asks
from arengo.core.console.settings_access import record, setting, show
from arengo.core.screens import Screen
from arengo.core.templatetags.arengo import named
from arengo.intake import reader
from arengo.intake.models import Journal
from arengo.monitoring.unread import unread

_PER_PAGE = 50


@dataclass(frozen=True)
class UnreadPage(Screen):
    page: Page[Journal]


@setting()
def unread_page(request: HttpRequest) -> HttpResponse:
    page = Paginator(unread().select_related("sender").order_by("-pk"), _PER_PAGE).get_page(
        request.GET.get("page")
    )
    return show(request, "monitoring/unread.html", UnreadPage(page))


@setting(methods=WRITE)
def replay(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(unread(), pk=pk)
    with transaction.atomic():
        record(request, "intake.replayed", on=row)
        reader.replay(row.pk)
    messages.success(request, _("Verrà riletto fra un istante: se non si legge ancora, torna qui."))
    return redirect("settings:unread")


@dataclass(frozen=True)
class Archiving(Question):
    row: Journal


def _archiving(request: HttpRequest, pk: int) -> Archiving:
    row = get_object_or_404(unread().select_related("sender"), pk=pk)
    subject = f"{isolated(row.sender.name)} · {named(row.received_at, 'j F Y, H:i')}"
    return Archiving(reverse("settings:unread"), subject, row)


@setting(methods=FORM)
@asks("monitoring/archive_question.html", _archiving)
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Off this list; the journal keeps it for its days like any other."""
    row = get_object_or_404(unread(), pk=pk)
    with transaction.atomic():
        record(request, "intake.archived", on=row)
        unread().filter(pk=row.pk).update(state=Journal.State.APPLIED)
    messages.success(request, _("Archiviato."))
    return redirect("settings:unread")
