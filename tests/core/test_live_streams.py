# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The address of the live stream: who may hear what, how it ends, how many there may be."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import AsyncRequestFactory, Client

from arengo.core import live
from arengo.core.live import Switchboard, TooManyStreams, announce, position
from arengo.core.live_topics import may_hear, registered
from arengo.core.live_views import live as live_view
from arengo.core.models import Membership, Organization, Person, Role
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from tests.core.streams import all_of, heard
from tests.factories.audience import citizen
from tests.factories.core import member
from tests.factories.desk import make_conversation
from tests.support.waiting import NEVER
from tests.support.web_process import session_cookie

pytestmark = pytest.mark.django_db(transaction=True)


# --- the address of the stream --------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["", "?topics=", "?topics=" + ",".join(["x"] * 51), "?topics=" + "x" * 81])
def test_a_stream_without_sensible_topics_is_refused(
    olga: Person, browse: Callable[..., Client], query: str
) -> None:
    assert browse(olga).get(f"/console/live/{query}").status_code == 400


def test_strangers_and_the_signed_out_find_no_stream(
    esempio: Organization, carlo: Person, browse: Callable[..., Client]
) -> None:
    for client in (browse(), browse(carlo)):
        assert client.get("/console/live/?topics=inbox").status_code == 404


def saved(organization: Organization, role: Role) -> Membership:
    person = member(organization, f"{role}@prova.test", f"{role} Esempio", role, proved=False)
    found: Membership = person.memberships.get()
    return found


def asked(
    person: Person, organization: Organization, topics: str, *roles: str, **headers: str
) -> HttpRequest:
    """A request for a stream, as the middleware hands it on."""
    request = AsyncRequestFactory().get(f"/console/live/?topics={topics}&since=0", headers=headers)
    request.user = person
    request.session = SessionStore(session_cookie(person).partition("=")[2])
    vars(request).update(
        organization=organization,
        membership=Membership(organization=organization, person=person, roles=list(roles)),
    )
    return request


async def stream_of(request: HttpRequest) -> StreamingHttpResponse:
    """The answer's stream; the view runs in the scope that the middleware opens."""

    def answer() -> HttpResponseBase:
        with organization_scope(request.organization):  # type: ignore[attr-defined]
            return live_view(request)

    response = await sync_to_async(answer)()
    assert isinstance(response, StreamingHttpResponse)
    return response


async def test_the_browser_says_what_it_has_seen_and_gets_the_rest(
    olga: Person, esempio: Organization, hung_up: None
) -> None:
    await sync_to_async(announce)(esempio.pk, "inbox")
    seen = await sync_to_async(position)()
    await sync_to_async(announce)(esempio.pk, "inbox")
    request = await sync_to_async(asked)(
        olga, esempio, "inbox", Role.OPERATOR, **{"last-event-id": str(seen)}
    )
    response = await stream_of(request)
    assert response["Content-Type"] == "text/event-stream"
    assert response["Cache-Control"] == "no-store"
    topics = await heard(aiter(response), 2)
    assert topics[-1] == "inbox"
    await response._iterator.aclose()  # type: ignore[union-attr]  # as the server does when the browser goes away
    response.close()


# --- who may hear -----------------------------------------------------------------------------------------------


def test_every_topic_of_a_page_is_registered() -> None:
    assert set(registered()) == {
        "inbox",
        "conversation",
        "updates",
        "update",
        "byhand",
        "senders",
        "channel",
        "hours",
        "presence",
        "newsroom-presence",
    }


@pytest.mark.parametrize(
    ("topic", "hearers"),
    [
        ("inbox", {Role.OPERATOR, Role.AUDITOR}),
        ("updates", {Role.EDITOR, Role.APPROVER}),
        ("newsroom-presence", {Role.EDITOR, Role.APPROVER}),
        ("channel", {Role.EDITOR, Role.APPROVER}),
        ("senders", {Role.EDITOR, Role.APPROVER, Role.AUDITOR}),
        ("desk", set()),
        ("inbox:1", set()),
        ("conversation", set()),
        ("conversation:", set()),
        ("conversation:x", set()),
        ("conversation:999999", set()),
        ("conversation:" + "9" * 70, set()),
        ("conversation:١٢", set()),
        ("inbox\0", set()),
    ],
)
def test_a_topic_is_asked_for_only_by_who_may_see_it(
    scope: Organization, topic: str, hearers: set[Role]
) -> None:
    for role in (Role.OPERATOR, Role.EDITOR, Role.APPROVER, Role.AUDITOR):
        assert may_hear(saved(scope, role), topic) == (role in hearers)


def test_a_conversation_is_heard_in_its_own_town_only(
    esempio: Organization, altrove: Organization, olga: Person, carlo: Person, sender: Sender
) -> None:
    with organization_scope(esempio):
        conversation = make_conversation(citizen("Anna Esempio"), sender)
        assert may_hear(saved(esempio, Role.OPERATOR), conversation.topic)
        assert not may_hear(saved(esempio, Role.EDITOR), conversation.topic)
    with organization_scope(altrove):
        assert not may_hear(saved(altrove, Role.ADMINISTRATOR), conversation.topic)


def test_one_topic_that_one_may_not_hear_refuses_the_stream(
    olga: Person, edo: Person, browse: Callable[..., Client]
) -> None:
    assert browse(olga).head("/console/live/?topics=inbox").status_code == 204
    assert browse(olga).head("/console/live/?topics=inbox,updates").status_code == 404
    assert browse(edo).head("/console/live/?topics=inbox").status_code == 404
    assert browse(edo).head("/console/live/?topics=updates").status_code == 204


# --- how it ends ------------------------------------------------------------------------------------------------


def sign_out(person: Person) -> None:
    Session.objects.all()[0].delete()


def lose_the_membership(person: Person) -> None:
    Membership.unscoped.filter(person=person).delete()


def lose_the_role(person: Person) -> None:
    Membership.unscoped.filter(person=person).update(roles=[Role.EDITOR])


def change_the_password(person: Person) -> None:
    person.set_password("un'altra password lunga")
    person.save()


def be_switched_off(person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(is_active=False)


@pytest.mark.parametrize(
    "end", [sign_out, lose_the_membership, lose_the_role, change_the_password, be_switched_off]
)
async def test_a_stream_ends_with_the_right_to_it(
    olga: Person, esempio: Organization, hung_up: None, end: Callable[[Person], None]
) -> None:
    response = await stream_of(await sync_to_async(asked)(olga, esempio, "inbox", Role.OPERATOR))
    stream = aiter(response)
    await anext(stream)
    rest = asyncio.ensure_future(all_of(stream))
    await asyncio.wait_for(live.switchboard._ready.wait(), NEVER)
    await sync_to_async(end)(olga)
    assert await asyncio.wait_for(rest, NEVER) == []
    response.close()


def act(request: HttpRequest, ago: float) -> None:
    """As if the person had last done something so many seconds ago."""
    request.session["began_at"] = request.session["acted_at"] = int(time.time() - ago)
    request.session.save()


@pytest.mark.parametrize("ends", ["acted", "began"])
async def test_a_stream_ends_with_its_session_and_not_later(
    olga: Person, esempio: Organization, hung_up: None, settings: Any, ends: str
) -> None:
    request = await sync_to_async(asked)(olga, esempio, "inbox", Role.OPERATOR)
    settings.SESSION_IDLE_AGE, settings.SESSION_COOKIE_AGE = (2, 3600) if ends == "acted" else (3600, 2)
    await sync_to_async(act)(request, 0)
    response = await stream_of(request)
    began = time.monotonic()
    await asyncio.wait_for(all_of(aiter(response)), NEVER)
    assert time.monotonic() - began < 5  # seconds; the keep-alive alone would look after fifteen
    response.close()


async def test_a_stream_goes_on_when_the_person_did_something_meanwhile(
    olga: Person, esempio: Organization, hung_up: None, settings: Any
) -> None:
    request = await sync_to_async(asked)(olga, esempio, "inbox", Role.OPERATOR)
    await sync_to_async(act)(request, settings.SESSION_IDLE_AGE - 1)
    response = await stream_of(request)
    stream = aiter(response)
    await anext(stream)
    await sync_to_async(act)(request, 0)
    following = asyncio.ensure_future(heard(stream, 1))
    await asyncio.sleep(1.5)  # past the end that the stream knew of
    await sync_to_async(announce)(esempio.pk, "inbox")
    assert await asyncio.wait_for(following, NEVER) == ["inbox"]
    response.close()


async def test_a_stream_goes_on_when_somebody_elses_right_ends(
    olga: Person, edo: Person, esempio: Organization, hung_up: None
) -> None:
    response = await stream_of(await sync_to_async(asked)(olga, esempio, "inbox", Role.OPERATOR))
    stream = aiter(response)
    await anext(stream)
    following = asyncio.ensure_future(heard(stream, 1))
    await asyncio.wait_for(live.switchboard._ready.wait(), NEVER)
    await sync_to_async(lose_the_membership)(edo)
    await sync_to_async(change_the_password)(edo)
    await sync_to_async(olga.save)(update_fields=["language"])
    await sync_to_async(announce)(esempio.pk, "inbox")
    assert await asyncio.wait_for(following, NEVER) == ["inbox"]
    response.close()


async def test_a_right_that_ended_in_silence_is_noticed_all_the_same(
    olga: Person, esempio: Organization, hung_up: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "_KEEPALIVE", 0.05)
    monkeypatch.setattr(live, "_ASK_AGAIN", 0.1)
    response = await stream_of(await sync_to_async(asked)(olga, esempio, "inbox", Role.OPERATOR))
    stream = aiter(response)
    await anext(stream)
    monkeypatch.setattr(Switchboard, "_access_changed", lambda *given: None)
    await sync_to_async(sign_out)(olga)
    await asyncio.wait_for(all_of(stream), NEVER)
    response.close()


# --- ceilings -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("whose", ["person", "organization", "process"])
def test_streams_have_a_ceiling(whose: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, f"{whose.upper()}_MOST", 2)
    board = Switchboard()
    places = [board.take_place(1, 1), board.take_place(1, 1)]
    with pytest.raises(TooManyStreams) as full:
        board.take_place(1, 1)
    assert full.value.whose == whose
    if whose != "process":
        board.take_place(2, 2).release()
    places[0].release()
    places[0].release()  # once more gives nothing back
    board.take_place(1, 1)
    with pytest.raises(TooManyStreams):
        board.take_place(1, 1)
    assert board.streams == 2


def test_who_has_too_many_streams_is_told(
    olga: Person, browse: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "PERSON_MOST", 0)
    answer = browse(olga).get("/console/live/?topics=inbox")
    assert answer.status_code == 429
    assert "finestre" in answer.content.decode()
    assert answer["Retry-After"] == "60"
