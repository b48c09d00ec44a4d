# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from asgiref.sync import sync_to_async
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connections, transaction
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import AsyncRequestFactory, Client
from django.utils import timezone

from arengo.audience.models import Contact
from arengo.core import live
from arengo.core.live import Switchboard, TooManyStreams, announce, forget_old, position
from arengo.core.live_topics import may_hear, registered
from arengo.core.live_views import live as live_view
from arengo.core.models import LiveEvent, Membership, Organization, Person, Role
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from arengo.desk.models import Conversation
from tests.waiting import NEVER
from tests.web_process import session_cookie

pytestmark = pytest.mark.django_db(transaction=True)


def parsed(frame: bytes) -> tuple[int, str] | None:
    fields = dict(
        line.split(": ", 1) for line in frame.decode().splitlines() if ": " in line and line[0] != ":"
    )
    return (int(fields["id"]), fields["event"]) if "event" in fields else None


async def heard(stream: AsyncIterator[bytes], many: int) -> list[str]:
    """The topics of the next so many events."""
    topics: list[str] = []

    async def collect() -> None:
        async for frame in stream:
            if event := parsed(frame):
                topics.append(event[1])
                if len(topics) == many:
                    return

    await asyncio.wait_for(collect(), NEVER)
    return topics


async def opened(switchboard: Switchboard, *args: object) -> AsyncIterator[bytes]:
    """A stream that listens already."""
    stream = switchboard.stream(*args)  # type: ignore[arg-type]  # handed through
    await anext(stream)
    waiting = asyncio.ensure_future(anext(stream))
    await asyncio.wait_for(switchboard._ready.wait(), NEVER)

    async def go_on() -> AsyncIterator[bytes]:
        yield await waiting
        async for frame in stream:
            yield frame

    return go_on()


@pytest.fixture
async def hung_up() -> AsyncIterator[None]:
    """Ends the listening connection and those of asgiref's thread, so that the test's database can go."""
    yield
    for board in _boards:
        if board._task and not board._task.done():
            board._task.cancel()
            await asyncio.gather(board._task, return_exceptions=True)
    live.switchboard._task, live.switchboard._ready = None, asyncio.Event()
    await sync_to_async(connections.close_all)()


_boards: list[Switchboard] = [live.switchboard]


@pytest.fixture
async def switchboard(hung_up: None) -> Switchboard:
    _boards[1:] = [Switchboard()]
    return _boards[1]


async def test_what_is_announced_reaches_the_screen_that_wants_it(
    esempio: Organization, switchboard: Switchboard
) -> None:
    stream = await opened(switchboard, esempio.pk, ["inbox", "desk"], None)
    await sync_to_async(announce)(esempio.pk, "inbox", "conversation:1", "desk", "inbox")
    assert await heard(stream, 2) == ["inbox", "desk"]


async def test_other_organizations_topics_never_arrive(
    esempio: Organization, altrove: Organization, switchboard: Switchboard
) -> None:
    stream = await opened(switchboard, esempio.pk, ["inbox"], None)
    await sync_to_async(announce)(altrove.pk, "inbox")
    await sync_to_async(announce)(esempio.pk, "inbox")
    event = await LiveEvent.objects.aget(organization=esempio)
    frame = await asyncio.wait_for(anext(stream), NEVER)
    assert parsed(frame) == (event.pk, "inbox")


async def test_what_was_missed_is_sent_first_and_only_once(
    esempio: Organization, altrove: Organization, switchboard: Switchboard
) -> None:
    start = await sync_to_async(position)()
    await sync_to_async(announce)(esempio.pk, "inbox")
    await sync_to_async(announce)(altrove.pk, "inbox")
    await sync_to_async(announce)(esempio.pk, "conversation:7")
    stream = switchboard.stream(esempio.pk, ["inbox", "conversation:7"], start)
    assert await heard(stream, 2) == ["inbox", "conversation:7"]
    await sync_to_async(announce)(esempio.pk, "inbox")
    assert await heard(stream, 1) == ["inbox"]


async def test_screens_that_come_back_together_share_a_few_connections(
    esempio: Organization, switchboard: Switchboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = await sync_to_async(position)()
    await sync_to_async(announce)(esempio.pk, "inbox")
    open_now, most = 0, 0
    connect = live.connect

    async def counted(**given: Any) -> Any:
        nonlocal open_now, most
        database = await connect(**given)
        close = database.close
        open_now, most = open_now + 1, max(most, open_now + 1)

        async def closing() -> None:
            nonlocal open_now
            open_now -= 1
            await close()

        monkeypatch.setattr(database, "close", closing)
        return database

    monkeypatch.setattr(live, "connect", counted)
    streams = [switchboard.stream(esempio.pk, ["inbox"], start) for _ in range(60)]
    assert await asyncio.gather(*(heard(stream, 1) for stream in streams)) == [["inbox"]] * 60
    assert most <= 1 + live._CATCHING_UP_MOST


async def test_a_screen_whose_past_cannot_be_looked_up_is_sent_away_to_come_back(
    esempio: Organization, switchboard: Switchboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lost(*given: Any) -> Any:
        raise psycopg.OperationalError("too many clients")

    monkeypatch.setattr(switchboard, "_missed", lost)
    frames = [frame async for frame in switchboard.stream(esempio.pk, ["inbox"], 0)]
    assert frames == [b"retry: 1000\n\n"]


async def test_what_is_rolled_back_was_never_said(esempio: Organization, switchboard: Switchboard) -> None:
    def regret() -> None:
        with transaction.atomic():
            announce(esempio.pk, "desk")
            transaction.set_rollback(True)

    stream = await opened(switchboard, esempio.pk, ["inbox", "desk"], None)
    await sync_to_async(regret)()
    await sync_to_async(announce)(esempio.pk, "inbox")
    assert await heard(stream, 1) == ["inbox"]


async def test_a_screen_that_reads_too_slowly_is_cut_off_to_come_back(
    esempio: Organization, switchboard: Switchboard
) -> None:
    stream = switchboard.stream(esempio.pk, ["inbox"], None)
    await anext(stream)
    [screen] = switchboard._screens
    for number in range(1100):
        switchboard._offer(screen, (number, "inbox"))
    assert screen.cut_off
    assert [frame async for frame in stream] == []  # it ends at once; the browser comes back
    assert switchboard._screens == set()


async def test_a_screen_that_goes_away_is_forgotten(esempio: Organization, switchboard: Switchboard) -> None:
    stream = switchboard.stream(esempio.pk, ["inbox"], None)
    await anext(stream)
    assert len(switchboard._screens) == 1
    await stream.aclose()  # type: ignore[attr-defined]  # an async generator
    assert switchboard._screens == set()


async def test_when_the_process_ends_every_screen_is_let_go(
    esempio: Organization, switchboard: Switchboard
) -> None:
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    stream = switchboard.stream(esempio.pk, ["inbox"], None)
    assert await anext(stream)
    rest = asyncio.ensure_future(_all(stream))
    await asyncio.wait_for(switchboard._ready.wait(), NEVER)
    try:
        signal.signal(signal.SIGTERM, lambda *_: None)  # the server's own
        switchboard._watched = False
        switchboard._close_with_process()
        os.kill(os.getpid(), signal.SIGTERM)
        assert await asyncio.wait_for(rest, NEVER) == []
        assert await _all(switchboard.stream(esempio.pk, ["inbox"], None)) == []
    finally:
        signal.signal(signal.SIGTERM, before[0])
        signal.signal(signal.SIGINT, before[1])


async def _all(stream: AsyncIterator[bytes]) -> list[bytes]:
    return [frame async for frame in stream]


async def test_silence_is_filled_so_that_proxies_keep_the_stream(
    esempio: Organization, switchboard: Switchboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "_KEEPALIVE", 0.05)
    stream = switchboard.stream(esempio.pk, ["inbox"], None)
    await anext(stream)
    assert (await asyncio.wait_for(anext(stream), NEVER)).startswith(b":")


def test_events_older_than_an_hour_are_forgotten(esempio: Organization) -> None:
    announce(esempio.pk, "inbox", "desk")
    LiveEvent.objects.filter(topic="inbox").update(at=timezone.now() - timedelta(hours=2))
    assert forget_old() == 1
    assert [event.topic for event in LiveEvent.objects.all()] == ["desk"]


def test_announcing_nothing_says_nothing(esempio: Organization) -> None:
    announce(esempio.pk)
    assert position() == 0


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
    assert set(registered()) == {"inbox", "conversation", "updates", "update", "senders", "channel"}


@pytest.mark.parametrize(
    ("topic", "hearers"),
    [
        ("inbox", {Role.OPERATOR, Role.AUDITOR}),
        ("updates", {Role.EDITOR, Role.APPROVER}),
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
        assert may_hear(Membership(roles=[role]), topic) == (role in hearers)


def test_a_conversation_is_heard_in_its_own_town_only(
    esempio: Organization, altrove: Organization, olga: Person, carlo: Person, sender: Sender
) -> None:
    with organization_scope(esempio):
        contact = Contact.objects.create(name="Anna Esempio")
        conversation = Conversation.objects.create(
            contact=contact, sender=sender, last_message_at=timezone.now()
        )
        assert may_hear(Membership(roles=[Role.OPERATOR]), conversation.topic)
        assert not may_hear(Membership(roles=[Role.EDITOR]), conversation.topic)
    with organization_scope(altrove):
        assert not may_hear(Membership(roles=[Role.ADMINISTRATOR]), conversation.topic)


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
    rest = asyncio.ensure_future(_all(stream))
    await asyncio.wait_for(live.switchboard._ready.wait(), NEVER)
    await sync_to_async(end)(olga)
    assert await asyncio.wait_for(rest, NEVER) == []
    response.close()


async def test_a_stream_ends_with_an_idle_session(
    olga: Person, esempio: Organization, hung_up: None, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr(live, "_KEEPALIVE", 0.05)
    monkeypatch.setattr(live, "_ASK_AGAIN", 0.1)
    request = await sync_to_async(asked)(olga, esempio, "inbox", Role.OPERATOR)

    def an_hour_ago() -> None:
        request.session["began_at"] = request.session["acted_at"] = (
            int(time.time()) - settings.SESSION_IDLE_AGE
        )
        request.session.save()

    await sync_to_async(an_hour_ago)()
    response = await stream_of(request)
    await asyncio.wait_for(_all(aiter(response)), NEVER)
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
    await asyncio.wait_for(_all(stream), NEVER)
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
