# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a view may do to its page: say until when it holds, set a cookie, break, be too large; and how many render at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.http import Http404, HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path
from django.utils import timezone

from arengo.channel.models import Channel
from arengo.config.serving import limits
from arengo.core.access import organization_of
from arengo.core.models import Organization, Person
from arengo.core.public_pages import public_page, valid_until
from tests.config.public_site import Site, _steady, listening, site, towns
from tests.support.waiting import NEVER
from tests.support.web_process import session_cookie

__all__ = ["_steady", "site", "towns"]  # fixtures

pytestmark = pytest.mark.django_db(transaction=True)


@public_page()
def opens(request: HttpRequest) -> HttpResponse:
    """As the hours of the desk will: open until a moment, then shut."""
    organization_of(request)
    valid_until(_state["closes"])
    return HttpResponse("aperto" if timezone.now() < _state["closes"] else "chiuso")


@public_page()
def sets_cookie(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(request.COOKIES.get("mine", "nobody"))
    response.set_cookie("mine", "x")
    return response


@public_page()
def breaks(request: HttpRequest) -> HttpResponse:
    _state["broke"] = _state.get("broke", 0) + 1
    raise RuntimeError("the details")


@public_page()
def large(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"x" * (limits.PAGE_MOST_BYTES + 1), content_type="image/jpeg")


@public_page(Person)
def unwatched(request: HttpRequest) -> HttpResponse:
    return HttpResponse("x")


@public_page(parameters={"kind": lambda value: value if value in ("a", "b") else ""})
def with_parameter(request: HttpRequest) -> HttpResponse:
    return HttpResponse(repr(sorted(request.GET.items())))


@public_page(Channel)
def missing(request: HttpRequest) -> HttpResponse:
    raise Http404


_state: dict[str, Any] = {}
urlpatterns = [
    path("opens", opens), path("cookie", sets_cookie), path("breaks", breaks), path("large", large),
    path("unwatched", unwatched), path("parameter", with_parameter), path("missing", missing),
]  # fmt: skip


@pytest.fixture
async def views(towns: Organization) -> AsyncIterator[Site]:
    _state.clear()
    middleware = [
        "arengo.core.middleware.LanguageMiddleware",
        "arengo.core.middleware.OrganizationMiddleware",
    ]
    sessions = [
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ]
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[*sessions, *middleware]):
        site = Site()
        async with listening(site):
            yield site
    await sync_to_async(connections.close_all)()


async def test_a_page_that_says_until_when_it_holds_is_rendered_anew_then(views: Site) -> None:
    _state["closes"] = timezone.now() + timedelta(seconds=2)
    assert (await views.ask("/opens"))[1] == b"aperto"
    await views.until(lambda body: body == b"chiuso", "/opens")
    _state["closes"] = timezone.now() + timedelta(hours=1)
    assert (await views.ask("/opens"))[1] in (b"chiuso", b"aperto")  # what is over already is not kept
    await views.until(lambda body: body == b"aperto", "/opens")


async def test_a_page_that_sets_a_cookie_is_each_readers_own(views: Site) -> None:
    assert (await views.ask("/cookie", cookie="mine=Anna"))[1] == b"Anna"
    status, body, headers = await views.ask("/cookie", cookie="mine=Bruno")
    assert (status, body) == (200, b"Bruno")
    assert "mine=x" in headers["set-cookie"]
    assert views.django.alone == ["/cookie", "/cookie"]
    assert views.django.rendered == ["/cookie"]


async def test_a_page_that_breaks_is_not_rendered_for_each_who_asks(views: Site) -> None:
    with override_settings(DEBUG_PROPAGATE_EXCEPTIONS=False):
        answers = await asyncio.gather(*(views.ask("/breaks") for _ in range(200)))
    assert {status for status, _body, _headers in answers} <= {500, 503}
    assert _state["broke"] == 1
    assert all(b"the details" not in body for _status, body, _headers in answers)
    await asyncio.sleep(limits.PAGE_FAILED_KEPT)
    await views.ask("/breaks")
    assert _state["broke"] == 2


async def test_what_is_too_large_is_not_held(views: Site) -> None:
    for _ in range(2):
        status, body, _headers = await views.ask("/large")
        assert (status, len(body)) == (200, limits.PAGE_MOST_BYTES + 1)
    assert views.door.held < 10_000
    assert views.django.readers == [True, True]


async def test_a_page_over_a_table_that_nobody_watches_is_kept_for_a_moment(
    views: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "UNHEARD_KEPT", 0.0)
    for _ in range(3):
        await views.ask("/unwatched")
    assert len(views.django.rendered) == 3


async def test_a_view_sees_its_own_parameters_and_no_header(views: Site) -> None:
    asked = [
        await views.ask(f"/parameter?{query}")
        for query in ("kind=a&x=1", "x=2&kind=a", "kind=c", "", "kind=b&kind=a")
    ]
    assert [body for _status, body, _headers in asked] == [b"[('kind', 'a')]"] * 2 + [b"[]"] * 2 + [
        b"[('kind', 'a')]"
    ]
    assert len(views.django.rendered) == 2


@asynccontextmanager
async def readers_turns_taken(views: Site) -> AsyncIterator[None]:
    """All that readers may have is at work."""
    async with AsyncExitStack() as taken:
        for _ in range(limits.READERS_ANSWERING_MOST):
            await taken.enter_async_context(views.django._readers_turns.one())
        yield


async def test_readers_never_take_the_turns_of_the_console(views: Site) -> None:
    async with readers_turns_taken(views):
        waiting = [asyncio.create_task(views.ask(f"/parameter?{number}", body=b"x")) for number in range(50)]
        async with AsyncExitStack() as console:
            for _ in range(limits.ANSWERING_MOST - limits.READERS_ANSWERING_MOST):
                await asyncio.wait_for(console.enter_async_context(views.django._turns.one()), NEVER)
        assert not any(task.done() for task in waiting)
    assert {status for status, _body, _headers in await asyncio.gather(*waiting)} == {200}


async def test_when_too_many_wait_the_rest_is_told_to_come_back(
    views: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with readers_turns_taken(views):
        monkeypatch.setattr(views.django._readers_turns, "_most", 0)
        status, _body, headers = await views.ask("/parameter")
    assert (status, headers["retry-after"]) == (503, "5")


async def test_a_signed_in_reader_gets_the_same_page_and_their_session_is_not_read(
    site: Site, olga: Person
) -> None:
    cookie = await sync_to_async(session_cookie)(olga)
    first = await site.ask("/")
    assert await site.ask("/", cookie=cookie) == first
    assert b"Olga" not in first[1]
    assert site.django.alone == []
