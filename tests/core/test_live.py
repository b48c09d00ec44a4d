# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

import asyncio
from collections.abc import Collection
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from asgiref.sync import sync_to_async
from django.db import transaction
from django.utils import timezone

from arengo.core import live, live_pushes
from arengo.core.live import Listener, Switchboard, announce, forget_old, position
from arengo.core.live_pushes import Viewer
from arengo.core.models import LiveEvent, Organization
from tests.core.streams import all_of, heard, opened, parsed
from tests.support.waiting import NEVER

pytestmark = pytest.mark.django_db(transaction=True)


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


async def test_what_is_said_in_passing_reaches_who_listens_now_and_is_kept_nowhere(
    esempio: Organization, altrove: Organization, switchboard: Switchboard
) -> None:
    stream = await opened(switchboard, esempio.pk, ["presence"], None)
    await sync_to_async(live.say)(altrove.pk, "presence", "{}")
    await sync_to_async(live.say)(esempio.pk, "presence", '{"name": "Olga\\n"}')
    frame = await asyncio.wait_for(anext(stream), NEVER)
    assert frame == b'event: presence\ndata: {"name": "Olga\\n"}\n\n'
    assert not await LiveEvent.objects.aexists()
    with pytest.raises(ValueError, match="401"):
        await sync_to_async(live.say)(esempio.pk, "presence", "x" * 401)


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
    stream = switchboard.stream(esempio.pk, ["inbox"], None)
    assert await anext(stream)
    rest = asyncio.ensure_future(all_of(stream))
    await asyncio.wait_for(switchboard._ready.wait(), NEVER)
    switchboard.close()
    assert await asyncio.wait_for(rest, NEVER) == []
    assert await all_of(switchboard.stream(esempio.pk, ["inbox"], None)) == []


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


async def test_what_is_pushed_is_made_once_for_all_and_replaces_the_plain_event(
    esempio: Organization, switchboard: Switchboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[frozenset[Viewer]] = []

    def make(viewers: Collection[Viewer]) -> dict[Viewer, str]:
        made.append(frozenset(viewers))
        return {one: f'"{one.shows}"' for one in viewers if one.shows != "secret"}

    monkeypatch.setitem(live_pushes._makers, "inbox", make)
    seen, may_not = (Viewer(number, shows, "it") for number, shows in ((1, "list"), (2, "secret")))
    first, second, refused = [
        await opened(switchboard, esempio.pk, ["inbox"], None, None, viewer)
        for viewer in (seen, seen, may_not)
    ]
    plain = await opened(switchboard, esempio.pk, ["inbox"], None)
    await sync_to_async(announce)(esempio.pk, "inbox")
    event = await LiveEvent.objects.aget()
    for stream in (first, second):
        frame = await asyncio.wait_for(anext(stream), NEVER)
        assert frame == f'id: {event.pk}\nevent: inbox-pushed\ndata: "list"\n\n'.encode()
    for stream in (refused, plain):
        assert await heard(stream, 1) == ["inbox"]
    assert made == [frozenset({seen, may_not})]


async def test_many_changes_within_a_moment_are_made_once_and_the_last_is_in(
    esempio: Organization, switchboard: Switchboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = 0

    def make(viewers: Collection[Viewer]) -> dict[Viewer, str]:
        nonlocal count
        count += 1
        return {one: str(LiveEvent.objects.count()) for one in viewers}

    monkeypatch.setitem(live_pushes._makers, "inbox", make)
    stream = await opened(switchboard, esempio.pk, ["inbox"], None, None, Viewer(1, "", "it"))
    for _turn in range(20):
        await sync_to_async(announce)(esempio.pk, "inbox")
    frame = b""
    while b"data: 20\n" not in frame:
        frame = await asyncio.wait_for(anext(stream), NEVER)
    assert count < 20


async def test_where_it_cannot_be_made_the_screens_ask(
    esempio: Organization, switchboard: Switchboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(viewers: Collection[Viewer]) -> dict[Viewer, str]:
        raise RuntimeError("a fault")

    monkeypatch.setitem(live_pushes._makers, "inbox", broken)
    stream = await opened(switchboard, esempio.pk, ["inbox"], None, None, Viewer(1, "", "it"))
    await sync_to_async(announce)(esempio.pk, "inbox")
    assert await heard(stream, 1) == ["inbox"]
    await sync_to_async(announce)(esempio.pk, "inbox")
    assert await heard(stream, 1) == ["inbox"]


async def test_nothing_is_pushed_on_a_right_that_nobody_looked_at_for_a_minute(
    esempio: Organization, switchboard: Switchboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(live_pushes._makers, "inbox", lambda viewers: dict.fromkeys(viewers, '"words"'))
    monkeypatch.setattr(live, "_ASK_BEFORE_WORDS", -1.0)
    listener = Listener(1, "", 3600, lambda: 0)
    stream = switchboard.stream(esempio.pk, ["inbox"], None, listener, Viewer(1, "", "it"))
    await anext(stream)
    rest = asyncio.ensure_future(all_of(stream))
    await asyncio.wait_for(switchboard._ready.wait(), NEVER)
    await sync_to_async(announce)(esempio.pk, "inbox")
    assert await asyncio.wait_for(rest, NEVER) == []
