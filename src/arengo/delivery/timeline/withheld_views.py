# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Dopo un ripristino: what was in the outbox when the database was found older than it was, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from arengo.core.access import FORM, WRITE, organization_of, person_of
from arengo.core.clean_text import isolated
from arengo.core.console.confirming import Question, asks
from arengo.core.console.settings_access import setting, show
from arengo.core.models import Person
from arengo.core.screens import Screen
from arengo.core.templatetags.arengo import named
from arengo.delivery.models import Fanout
from arengo.delivery.sending import announced
from arengo.delivery.timeline import deciding


@dataclass(frozen=True)
class WithheldPage(Screen):
    """``found`` None: the database was never found older than it was."""

    found: deciding.Withheld | None
    live_topics: str = "senders"


@setting()
def withheld_page(request: HttpRequest) -> HttpResponse:
    found = deciding.withheld(organization_of(request).pk)
    return show(request, "delivery/settings/withheld.html", WithheldPage(found))


@dataclass(frozen=True)
class Deciding(Question):
    fanout: Fanout | None


def _of_mailing(request: HttpRequest, pk: int) -> Deciding:
    fanout = get_object_or_404(Fanout.objects, pk=pk)
    said = announced.of([fanout.pk]).get(fanout.pk)
    subject = (
        isolated(said.title)
        if said
        else _("Invio del %(when)s") % {"when": named(fanout.created_at, "j F Y, H:i")}
    )
    return Deciding(reverse("settings:withheld"), subject, fanout)


def _of_singles(request: HttpRequest) -> Deciding:
    return Deciding(reverse("settings:withheld"), _("Messaggi singoli"), None)


@setting(methods=FORM)
@asks("delivery/settings/withheld_send.html", _of_mailing)
def release_mailing(request: HttpRequest, pk: int) -> HttpResponse:
    return _mailing(request, pk, deciding.release_mailing, _released)


@setting(methods=FORM)
@asks("delivery/settings/withheld_drop.html", _of_mailing)
def drop_mailing(request: HttpRequest, pk: int) -> HttpResponse:
    return _mailing(request, pk, deciding.drop_mailing, _dropped)


@setting(methods=FORM)
@asks("delivery/settings/withheld_send.html", _of_singles)
def release_singles(request: HttpRequest) -> HttpResponse:
    count = deciding.release_singles(organization_of(request).pk, by=person_of(request))
    return _said(request, _released(count))


@setting(methods=FORM)
@asks("delivery/settings/withheld_drop.html", _of_singles)
def drop_singles(request: HttpRequest) -> HttpResponse:
    count = deciding.drop_singles(organization_of(request).pk, by=person_of(request))
    return _said(request, _dropped(count))


@setting(methods=WRITE)
def read(request: HttpRequest) -> HttpResponse:
    deciding.read(organization_of(request).pk, by=person_of(request))
    return redirect("settings:withheld")


def _mailing(
    request: HttpRequest, pk: int, decide: Callable[..., int], words: Callable[[int], str]
) -> HttpResponse:
    fanout = get_object_or_404(Fanout.objects, pk=pk)
    by: Person = person_of(request)
    before = fanout.withheld_at is not None and fanout.stopped_at is None
    count = decide(fanout, by=by)
    return _said(request, words(count) if before else _("Era già stato deciso: non è cambiato nulla."))


def _said(request: HttpRequest, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("settings:withheld")


def _released(count: int) -> str:
    words = ngettext("%(count)d messaggio riparte.", "%(count)d messaggi ripartono.", count)
    return words % {"count": count}


def _dropped(count: int) -> str:
    words = ngettext(
        "%(count)d messaggio annullato: non parte più.",
        "%(count)d messaggi annullati: non partono più.",
        count,
    )
    return words % {"count": count}
