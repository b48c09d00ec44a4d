# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Numeri bloccati: who is blocked, was warned, was blocked; and what administrators and operators decide there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from arengo.audience.people import name_of
from arengo.core import audit, outside
from arengo.core.access import FORM, WRITE, membership_of, organization_of, person_of, staff
from arengo.core.clean_text import isolated
from arengo.core.console.confirming import Question, asks
from arengo.core.documents.pdf import DocumentRefused, pdf
from arengo.core.models import Role
from arengo.core.screens import Screen, render_screen
from arengo.desk.blocks import shown, verbs
from arengo.desk.blocks.dossier import dossier
from arengo.desk.blocks.models import Block, Evidence
from arengo.desk.blocks.shown import Days, Line, Lines, Listing
from arengo.desk.desks import desks_of, seen_by


@dataclass(frozen=True)
class Rights:
    """``decide``: confirm what was asked. ``change``: unblock, prolong."""

    decide: bool
    change: bool

    @classmethod
    def of(cls, request: HttpRequest) -> Rights:
        membership = membership_of(request)
        return cls(
            decide=membership is not None and membership.has(Role.ADMINISTRATOR),
            change=membership is not None and membership.has(Role.OPERATOR),
        )


@dataclass(frozen=True)
class Tab:
    label: str
    href: str
    current: bool
    count: int | None


@dataclass(frozen=True)
class BlockedPage(Screen):
    which: Listing
    tabs: Sequence[Tab]
    asked: Sequence[Line]
    lines: Lines
    rights: Rights


@dataclass(frozen=True)
class BlockPage(Screen):
    """``sees``: whether the reader sees the desk of its conversation. ``error``: why the longer block was refused."""

    line: Line
    evidence: Sequence[Evidence]
    sees: bool
    days: Days
    rights: Rights
    error: str


@dataclass(frozen=True)
class UnblockQuestion(Question):
    unblocked: Block


@staff(Role.OPERATOR, Role.AUDITOR)
def blocked(request: HttpRequest) -> HttpResponse:
    which, desks = shown.listing(request.GET.get("elenco")), desks_of(membership_of(request))
    home, counts = reverse("desk:blocked"), shown.counts(desks)
    page = BlockedPage(
        which=which,
        tabs=[
            Tab(str(one.label), f"{home}?elenco={one.in_address}", one is which, counts.get(one))
            for one in Listing
        ],
        asked=shown.asked(),
        lines=shown.lines(which, desks, after=outside.text(request.GET.get("dopo"), most=20)),
        rights=Rights.of(request),
    )
    return render_screen(request, "desk_blocks/blocked.html", page)


@staff(Role.OPERATOR, Role.AUDITOR)
def block(request: HttpRequest, pk: int) -> HttpResponse:
    return _block_page(request, _found(pk))


@staff(Role.OPERATOR, Role.AUDITOR, methods=WRITE)
def dossier_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """404 for who does not see the conversation that it came of. The log says who took it."""
    found, membership = _found(pk), membership_of(request)
    if not seen_by(membership).filter(pk=found.conversation_id).exists():
        raise Http404
    evidence = shown.evidence(found, desks_of(membership))
    try:
        made = pdf(dossier(found, evidence, organization_of(request), membership))
    except DocumentRefused:
        messages.error(request, _("Questo fascicolo è troppo lungo per un solo PDF."))
        return redirect("desk:block", pk)
    audit.record(
        "desk.downloaded_dossier", organization=found.organization_id, by=person_of(request), on=found
    )
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="blocco-{pk}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


def _block_page(request: HttpRequest, found: Block, *, error: str = "") -> HttpResponse:
    membership = membership_of(request)
    page = BlockPage(
        line=shown.line(found),
        evidence=shown.evidence(found, desks_of(membership)),
        sees=seen_by(membership).filter(pk=found.conversation_id).exists(),
        days=Days.from_today(),
        rights=Rights.of(request),
        error=error,
    )
    return render_screen(request, "desk_blocks/block.html", page, status=422 if error else 200)


@staff(Role.ADMINISTRATOR, methods=WRITE)
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    found = _found(pk)
    return _act(
        request, found, lambda: verbs.confirm(found, by=person_of(request)), _("Bloccato. Finisce da solo.")
    )


@staff(Role.ADMINISTRATOR, methods=WRITE)
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    found = _found(pk)
    return _act(
        request,
        found,
        lambda: verbs.decline(found, by=person_of(request)),
        _("Il blocco non è stato confermato."),
    )


def _unblocking(request: HttpRequest, pk: int) -> UnblockQuestion:
    found = _found(pk)
    return UnblockQuestion(
        back=reverse("desk:blocked"), subject=isolated(name_of(found.contact)), unblocked=found
    )


@staff(Role.OPERATOR, methods=FORM)
@asks("desk_blocks/unblock_question.html", _unblocking)
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    found = _found(pk)
    return _act(request, found, lambda: verbs.lift(found, by=person_of(request)), _("Sbloccato."))


@staff(Role.OPERATOR, methods=WRITE)
def prolong(request: HttpRequest, pk: int) -> HttpResponse:
    found, until = _found(pk), outside.day(request.POST.get("day"))
    try:
        verbs.prolong(found, until=until, by=person_of(request))
    except verbs.RuleRefused as refused:
        return _block_page(request, found, error=str(refused))
    messages.success(request, _("Il blocco dura ora più a lungo."))
    return redirect("desk:block", found.pk)


def _act(request: HttpRequest, found: Block, action: Callable[[], object], done: str) -> HttpResponse:
    try:
        action()
    except verbs.RuleRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return redirect("desk:blocked")


def _found(pk: int) -> Block:
    found: Block = get_object_or_404(
        Block.objects.select_related("contact", "by", "confirmed_by", "ended_by", "conversation"), pk=pk
    )
    return found
