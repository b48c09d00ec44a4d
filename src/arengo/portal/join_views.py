# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""«Scegli di che cosa»: a form without names or numbers, which makes the message that joins the list and opens the chat with it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from arengo.audience.models import Quarter, Topic
from arengo.audience.ways import FORM_MARKS
from arengo.core import outside
from arengo.core.access import READ, organization_of, refused_method
from arengo.core.documents import qr
from arengo.core.models import Organization
from arengo.core.screens import Screen, render_screen
from arengo.platforms.contract import OpensChats
from arengo.portal.numbers import Number, number_in_use

_READY = "pronto"  # of an address: the message is wanted, not the form alone
_MOST = 40  # of topics, and of quarters, that are read of an address


@dataclass(frozen=True)
class Box:
    pk: int
    name: str
    ticked: bool


@dataclass(frozen=True)
class JoinForm(Screen):
    """``message``: what is sent when somebody presses; "" while nothing was chosen yet. ``query``: the choice, for the code."""

    number: Number
    topics: Sequence[Box]
    quarters: Sequence[Box]
    message: str
    chat_url: str
    query: str


def join_form(request: HttpRequest) -> HttpResponse:
    """Reads the choice from the address and keeps nothing. 404 while nobody can join."""
    if (refused := refused_method(request, READ)) is not None:
        return refused
    page = _form(request)
    response = render_screen(request, "portal/join_form.html", page)
    response.headers["Cache-Control"] = "no-store"
    return response


def join_form_qr(request: HttpRequest) -> HttpResponse:
    """The chosen message as a code, for who reads the form on a computer."""
    if (refused := refused_method(request, READ)) is not None:
        return refused
    page = _form(request)
    if not page.message:
        raise Http404
    return HttpResponse(qr.svg(page.chat_url), content_type="image/svg+xml")


def _form(request: HttpRequest) -> JoinForm:
    organization = organization_of(request)
    number = number_in_use()
    if number is None or not number.join_word:
        raise Http404
    today = timezone.localdate()
    topics = _boxes((one for one in Topic.in_use() if one.is_in_season(today)), _ids(request, "tema"))
    quarters = _boxes(Quarter.in_use(), _ids(request, "quartiere"))
    chosen = [box.name for box in (*topics, *quarters) if box.ticked]
    message = _message(organization, number, chosen) if outside.text(request.GET.get(_READY), most=4) else ""
    query = "&".join(
        [f"{_READY}=1"]
        + [f"tema={box.pk}" for box in topics if box.ticked]
        + [f"quartiere={box.pk}" for box in quarters if box.ticked]
    )
    chats: OpensChats = number.chats
    return JoinForm(number, topics, quarters, message, chats.chat_url(number.shown, message), query)


def _message(organization: Organization, number: Number, chosen: Sequence[str]) -> str:
    mark = FORM_MARKS.get(organization.language, FORM_MARKS["it"])
    return " ".join(filter(None, (number.join_word, ", ".join(chosen), mark)))


def _ids(request: HttpRequest, name: str) -> Collection[int]:
    return set(outside.wholes(request.GET.getlist(name), most=_MOST))


def _boxes(named: Iterable[Topic | Quarter], ticked: Collection[int]) -> list[Box]:
    return [Box(one.pk, one.name, one.pk in ticked) for one in named]
