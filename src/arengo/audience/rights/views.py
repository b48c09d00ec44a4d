# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rights used at the desk: one question for all four, with the check of who asks; the requests that wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from arengo.audience import people
from arengo.audience.models import Contact, Identity
from arengo.audience.personal import asking, links
from arengo.audience.personal.asking import NotSent
from arengo.audience.rights import archive, checking, verbs
from arengo.audience.rights.checking import NotVerified
from arengo.audience.rights.forms import RequestForm, RightForm
from arengo.audience.rights.models import Check, Right, RightsRequest, Way
from arengo.audience.rights.own_page import ErasePart, erase_part, handed_out
from arengo.audience.rights.verbs import Asked, NotDone
from arengo.core import outside
from arengo.core.access import FORM, WRITE, membership_of, person_of, staff
from arengo.core.clean_text import isolated
from arengo.core.console.confirming import Question, ask, asks
from arengo.core.models import Role
from arengo.core.screens import Screen, render_screen
from arengo.core.time_words import named_day

_QUESTION = "audience_rights/right.html"
_PER_PAGE = 50
_MAY_RECORD = (Role.OPERATOR, Role.EDITOR)


@dataclass(frozen=True)
class RightQuestion(Question):
    """``right``: of Right. ``code_sent``: one waits to be read out; ``notice``: what was just done, ``refused``: why nothing was."""

    contact: Contact
    right: str
    name: str
    form: RightForm
    goes: ErasePart
    addresses: int
    code_sent: bool
    notice: str
    refused: str


def _found(pk: int) -> Contact:
    contact: Contact = get_object_or_404(
        Contact.objects.select_related("organization"), pk=pk, erased_at=None
    )
    return contact


def _right_of(value: str) -> Right:
    if value not in Right:
        raise Http404
    return Right(value)


def _about(
    request: HttpRequest,
    pk: int,
    right: str,
    *,
    form: RightForm | None = None,
    notice: str = "",
    refused: str = "",
) -> RightQuestion:
    contact, chosen = _found(pk), _right_of(right)
    return RightQuestion(
        back=reverse("audience:citizen", args=[pk]),
        subject="",
        contact=contact,
        right=chosen.value,
        name=people.name_of(contact),
        form=form or RightForm(right=chosen, initial={"name": contact.name}),
        goes=erase_part(contact),
        addresses=Identity.objects.filter(contact=contact).count(),
        code_sent=checking.is_waiting(contact),
        notice=notice,
        refused=refused,
    )


@staff(Role.ADMINISTRATOR, methods=FORM)
@asks(_QUESTION, _about)
def use_right(request: HttpRequest, pk: int, right: str) -> HttpResponseBase:
    """``press=code`` sends a code to the chat; else the right is used, once it was checked who asks."""
    contact, chosen = _found(pk), _right_of(right)
    form = RightForm(request.POST, right=chosen)
    if outside.text(request.POST.get("press"), most=10) == "code":
        return _send_code(request, contact, chosen, form)
    if not form.is_valid():
        return ask(request, _QUESTION, _about(request, pk, right, form=form), status=422)
    try:
        check = checking.verify(contact, form.cleaned_data["check_way"], form.cleaned_data["code"])
        asked = Asked(Way(form.cleaned_data["way"]), check, person_of(request))
        return _carried_out(request, contact, chosen, asked, form.cleaned_data.get("name", ""))
    except (NotVerified, NotDone, archive.NoRoom) as why:
        again = _about(request, pk, right, form=form, refused=str(why))
        return ask(request, _QUESTION, again, status=422)


def _send_code(request: HttpRequest, contact: Contact, right: Right, form: RightForm) -> HttpResponse:
    """What was typed so far stays in the form."""
    try:
        identity = checking.send_code(contact, by=person_of(request))
    except NotSent as why:
        again = _about(request, contact.pk, right.value, form=form.kept(right), refused=str(why))
        return ask(request, _QUESTION, again, status=422)
    where = people.masked_phone(identity) or identity.words.name
    words = _("Codice mandato a %(where)s. Chiedile di leggerlo: vale 10 minuti.") % {
        "where": isolated(where)
    }
    fresh = form.kept(right, check_way=Check.CODE.value, code="")
    return ask(request, _QUESTION, _about(request, contact.pk, right.value, form=fresh, notice=words))


def _carried_out(
    request: HttpRequest, contact: Contact, right: Right, asked: Asked, name: str
) -> HttpResponseBase:
    if right is Right.COPY:
        return handed_out(request, contact, asked)
    if right is Right.CORRECT:
        verbs.correct(contact, name, asked)
        messages.success(request, _("Nome corretto. I prossimi messaggi di questa persona non lo cambiano."))
    elif right is Right.OBJECT:
        verbs.object_to(contact, asked)
        messages.success(request, _("Opposizione segnata: non riceve più avvisi. Il resto rimane."))
    else:
        verbs.erase(contact, asked)
        messages.success(
            request,
            _(
                "I dati di questa persona sono stati eliminati. Restano le prove del consenso: non dicono più di chi sono."
            ),
        )
    return redirect("audience:citizen", pk=contact.pk)


@staff(*_MAY_RECORD, methods=WRITE)
def send_page(request: HttpRequest, pk: int) -> HttpResponse:
    """``identity``: to which of their chats; the one in which they wrote last where nobody says."""
    contact = _found(pk)
    identity = (
        Identity.objects.filter(contact=contact, last_wrote_at__isnull=False)
        .select_related("contact")
        .order_by("-last_wrote_at", "pk")
        .first()
    )
    try:
        if identity is None:
            raise NotSent(
                _("Non ha mai scritto: la sua pagina le si può mandare solo in una chat aperta da lei.")
            )
        asking.send(identity, by=person_of(request))
    except NotSent as why:
        messages.error(request, str(why))
    else:
        minutes = links.VALID.seconds // 60
        messages.success(
            request,
            ngettext(
                "Mandata nella sua chat: vale %(minutes)d minuto, e si apre una volta sola.",
                "Mandata nella sua chat: vale %(minutes)d minuti, e si apre una volta sola.",
                minutes,
            )
            % {"minutes": minutes},
        )
    return redirect("audience:citizen", pk=pk)


@dataclass(frozen=True)
class RecordPage(Screen):
    contact: Contact
    name: str
    form: RequestForm


@staff(*_MAY_RECORD, methods=FORM)
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """A request that somebody else meets, or that takes its time."""
    contact = _found(pk)
    form = RequestForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                made = verbs.record(
                    contact,
                    Right(given["right"]),
                    Way(given["way"]),
                    given["asked_on"],
                    by=person_of(request),
                )
            except NotDone as why:
                form.add_error(None, str(why))
            else:
                messages.success(
                    request,
                    _("Richiesta segnata: va soddisfatta entro il %(day)s.")
                    % {"day": named_day(made.due_on, "j F Y")},
                )
                return redirect("audience:citizen", pk=pk)
    page = RecordPage(contact, people.name_of(contact), form)
    return render_screen(request, "audience_rights/record.html", page, status=status)


@staff(*_MAY_RECORD, methods=WRITE)
def close(request: HttpRequest, pk: int, request_id: int) -> HttpResponse:
    found = get_object_or_404(RightsRequest.objects.select_related("contact"), pk=request_id, contact_id=pk)
    verbs.close(found, by=person_of(request))
    messages.success(request, _("Richiesta chiusa: non serve più."))
    return redirect("audience:citizen", pk=pk)


@dataclass(frozen=True)
class RequestRow:
    request: RightsRequest
    name: str


@dataclass(frozen=True)
class RequestsPage(Screen):
    """``late``: how many of those that wait are overdue; ``done``: the page of those that ended, newest first."""

    waiting: Sequence[RequestRow]
    late: int
    done: Page[RightsRequest]
    done_rows: Sequence[RequestRow]
    may_do: bool


@staff(Role.ADMINISTRATOR, Role.AUDITOR)
def requests(request: HttpRequest) -> HttpResponse:
    """Those that wait, by the day on which they are due; then those that ended."""
    everything = RightsRequest.objects.select_related("contact", "by", "ended_by").prefetch_related(
        "contact__identities__contact"
    )
    waiting = list(everything.filter(state=RightsRequest.State.OPEN).order_by("due_on", "id")[:200])
    ended = everything.exclude(state=RightsRequest.State.OPEN).order_by("-ended_at")
    done = Paginator(ended, _PER_PAGE).get_page(request.GET.get("page"))
    membership = membership_of(request)
    page = RequestsPage(
        waiting=_rows(waiting),
        late=sum(one.is_late for one in waiting),
        done=done,
        done_rows=_rows(done),
        may_do=membership is not None and membership.has(Role.ADMINISTRATOR),
    )
    return render_screen(request, "audience_rights/requests.html", page)


def _rows(found: Sequence[RightsRequest] | Page[RightsRequest]) -> list[RequestRow]:
    return [RequestRow(one, people.name_of(one.contact)) for one in found]
