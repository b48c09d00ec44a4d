# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A citizen's own page: at the browser that opened a link, until the page shuts.

A GET of a link changes nothing: chats and scanners look at what is sent. The address of the open page holds nothing, so that
neither a history nor a referrer tells whose it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import wraps

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.csrf import csrf_failure
from django.views.decorators.csrf import csrf_exempt

from arengo.audience.people import display_name
from arengo.audience.personal import links, sections
from arengo.audience.personal.links import Refusal
from arengo.audience.personal.models import PersonalLink
from arengo.audience.personal.sections import Refused, Section, Shown, Visit
from arengo.core import outside
from arengo.core.access import FORM, READ, WRITE, organization_of, refused_method
from arengo.core.public_forms import public_form
from arengo.core.screens import Screen, render_screen

COOKIE = "arengo_miei"  # what the browser shows that opened a link
_SAID = "arengo_detto"  # what was just done, for the page that follows
_LONGEST_COOKIE = 100
_STATUS = {Refusal.UNKNOWN: 404, Refusal.EXPIRED: 410, Refusal.USED: 410}

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class ShutPage(Screen):
    """Why there is no page here. ``why``: of ``Refusal``; "" for a browser that opened no link, or whose page is shut."""

    why: str


@dataclass(frozen=True)
class LinkPage(Screen):
    minutes: int


@dataclass(frozen=True)
class PersonalPage(Screen):
    """``name``: as they call themselves; never a number in full. ``said``: what was just done."""

    name: str
    until: datetime
    parts: Sequence[Shown]
    said: str


@dataclass(frozen=True)
class QuestionPage(Screen):
    section_name: str
    question: str
    part: Screen
    refused: str


@dataclass(frozen=True)
class OverPage(Screen):
    words: str


def _private(view: View) -> View:
    """For one person: no cache keeps it, no search engine lists it, no other site learns that it was here."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        organization_of(request)
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        response.headers.setdefault("Referrer-Policy", "same-origin")
        return response

    return guarded


@csrf_exempt  # the token in the address is what permits it, and nobody can forge that
@_private
def link(request: HttpRequest, token: str) -> HttpResponseBase:
    """404 for a link that nobody was given, 410 for one that was opened or is too old."""
    if refused := refused_method(request, FORM):
        return refused
    if links.opened_here(token, _browser(request)):
        return redirect("personal:page")
    if request.method in READ:
        found = links.look_at(token)
        if isinstance(found, Refusal):
            return _shut(request, found)
        response = render_screen(request, "audience_personal/link.html", LinkPage(links.VALID.seconds // 60))
    else:
        # The page sends no referrer, so that a browser tells no origin either: only what it says of itself counts.
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            return csrf_failure(request, reason="another site")
        opened = links.open_link(token)
        if isinstance(opened, Refusal):
            return _shut(request, opened)
        response = redirect("personal:page")
        _set(request, response, COOKIE, opened.browser, int(links.STAYS.total_seconds()))
    response["Referrer-Policy"] = "no-referrer"
    return response


@_private
def page(request: HttpRequest) -> HttpResponseBase:
    if refused := refused_method(request, READ):
        return refused
    opened = links.of_browser(_browser(request))
    if opened is None:
        return _shut(request, None)
    response = _page(request, opened, _visit(request, opened), said=_said(request))
    if _SAID in request.COOKIES:
        response.delete_cookie(_SAID, path=_path())
    return response


@public_form
@_private
def act(request: HttpRequest, section: str) -> HttpResponseBase:
    """What a part of the page is asked to do; GET: the question, of a part that asks first."""
    found = sections.of_name(section)
    opened = links.of_browser(_browser(request))
    if opened is None:
        return _shut(request, None)
    if found is None or found.handle is None:
        raise Http404
    if refused := refused_method(request, FORM):
        return refused
    visit = _visit(request, opened)
    if request.method in READ:
        return _question(request, found, visit) if found.question else redirect("personal:page")
    try:
        done = found.handle(visit)
    except Refused as why:
        again = Visit(request, opened.identity, opened.sender_id, request.POST, str(why))
        if found.question:
            return _question(request, found, again, status=422)
        return _page(request, opened, again, refused=str(why), typed_in=found.name, status=422)
    if isinstance(done, HttpResponseBase):
        return done
    if done.ends:
        response = render_screen(request, "audience_personal/over.html", OverPage(done.words))
        response.delete_cookie(COOKIE, path=_path())
        return response
    response = redirect("personal:page")
    _set(request, response, _SAID, signing.dumps(done.words, salt=_SAID), 60)
    return response


@public_form
@_private
def close(request: HttpRequest) -> HttpResponseBase:
    """At a computer that others use too."""
    if refused := refused_method(request, WRITE):
        return refused
    if (opened := links.of_browser(_browser(request))) is not None:
        links.close(opened)
    response = _shut(request, None)
    response.status_code = 200
    response.delete_cookie(COOKIE, path=_path())
    return response


def _page(
    request: HttpRequest,
    opened: PersonalLink,
    visit: Visit,
    *,
    said: str = "",
    refused: str = "",
    typed_in: str = "",
    status: int = 200,
) -> HttpResponse:
    assert opened.open_until is not None  # noqa: S101  # of a browser that opened it
    screen = PersonalPage(
        display_name(opened.identity), opened.open_until, sections.shown(visit, refused, typed_in), said
    )
    return render_screen(request, "audience_personal/page.html", screen, status=status)


def _question(request: HttpRequest, section: Section, visit: Visit, *, status: int = 200) -> HttpResponse:
    part = section.make(visit)
    if part is None:
        raise Http404
    screen = QuestionPage(section.name, section.question, part, visit.refused)
    return render_screen(request, "audience_personal/question.html", screen, status=status)


def _shut(request: HttpRequest, why: Refusal | None) -> HttpResponse:
    status = _STATUS[why] if why else 410
    page = ShutPage(why.value if why else "")
    return render_screen(request, "audience_personal/shut.html", page, status=status)


def _visit(request: HttpRequest, opened: PersonalLink) -> Visit:
    return Visit(request, opened.identity, opened.sender_id)


def _browser(request: HttpRequest) -> str:
    return outside.text(request.COOKIES.get(COOKIE), most=_LONGEST_COOKIE)


def _said(request: HttpRequest) -> str:
    try:
        return outside.text(signing.loads(request.COOKIES.get(_SAID, ""), salt=_SAID, max_age=60))
    except signing.BadSignature:
        return ""


def _path() -> str:
    return reverse("personal:page")


def _set(request: HttpRequest, response: HttpResponse, name: str, value: str, seconds: int) -> None:
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path=_path(),
        secure=request.is_secure(),
        httponly=True,
        samesite="Strict",
    )
