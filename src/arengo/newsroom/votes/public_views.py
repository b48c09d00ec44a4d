# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A poll as everybody sees it, and the page on which everybody recounts it. ``pk`` is the update's: it stands in messages."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from arengo.core.access import organization_of
from arengo.core.public_pages import flag, public_page, valid_until
from arengo.core.screens import Screen, render_screen
from arengo.newsroom.estimating import joined
from arengo.newsroom.votes import receipts
from arengo.newsroom.votes.addresses import TYPES, Form
from arengo.newsroom.votes.models import Poll
from arengo.newsroom.votes.pictures import drawn
from arengo.newsroom.votes.results import Result, result_of
from arengo.platforms.registry import platforms

_DOWNLOAD = "scarica"  # in the address: the picture is kept, not shown


@dataclass(frozen=True)
class PollPage(Screen):
    """``shown``: the votes may be told now. ``platforms``: on which one can vote, by name."""

    result: Result
    shown: bool
    platforms: str


@dataclass(frozen=True)
class RecountPage(Screen):
    """``size``: of the register, bytes."""

    result: Result
    fingerprint: str
    key_text: str
    point: str
    signature: str
    size: int


def _found(pk: int) -> Poll:
    found: Poll = get_object_or_404(Poll.objects, update=pk)
    if found.is_open:
        valid_until(found.closes_at)
    return found


def _platforms() -> str:
    return joined([each.words.name for each in platforms().values() if each.can.pressing is not None])


def _shown(result: Result) -> bool:
    return bool(result.shares) and (result.is_closed or result.poll.shows_so_far)


@public_page(Poll)
def poll(request: HttpRequest, pk: int) -> HttpResponse:
    result = result_of(_found(pk))
    return render_screen(request, "newsroom_votes/poll.html", PollPage(result, _shown(result), _platforms()))


@public_page(Poll)
def recount(request: HttpRequest, pk: int) -> HttpResponse:
    """The browser does it; what it needs stands in the page and in the register beside it."""
    found = _registered(pk)
    page = RecountPage(
        result_of(found),
        receipts.fingerprint(found.register),
        receipts.key_text(found),
        bytes(found.signing_key).hex(),
        receipts.signature_text(found),
        len(found.register.encode()),
    )
    return render_screen(request, "newsroom_votes/recount.html", page)


@public_page(Poll, words=False)
def register(request: HttpRequest, pk: int) -> HttpResponse:
    """One line a vote: receipt, number of the answer. No name, no time, in the order of the receipts."""
    answer = HttpResponse(_registered(pk).register, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="sondaggio-{pk}-voti.csv"'
    return answer


@public_page(Poll, parameters={_DOWNLOAD: flag})
def picture(request: HttpRequest, pk: int, form: Form) -> HttpResponse:
    result = result_of(_found(pk))
    if not _shown(result):
        raise Http404
    answer = HttpResponse(drawn(result, organization_of(request), form), content_type=TYPES[form])
    if _DOWNLOAD in request.GET:
        answer["Content-Disposition"] = f'attachment; filename="sondaggio-{pk}.{form}"'
    return answer


def _registered(pk: int) -> Poll:
    found = _found(pk)
    if not found.register:
        raise Http404
    return found
