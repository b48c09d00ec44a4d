# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Live events: «something changed», from any process to people's screens, by NOTIFY and server-sent events.

An event carries a topic (``inbox``, ``conversation:12``, ``fanout:3``) and no content: the screen asks again for
what it shows, with its own rights. Where many screens show the same, it is made once and pushed (``live_pushes.py``).
Rows are kept for an hour, so that a screen that was away gets what it missed.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import logging
import math
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum, auto

from django.db import DatabaseError, connection
from django.utils import timezone

from arengo.core import live_pushes
from arengo.core.database import LOST, connect
from arengo.core.live_pushes import Viewer
from arengo.core.models import LiveEvent

CHANNEL = "arengo_live"
# What is said to the screens that are open now, and never stored: (organization, topic, words).
PASSING = "arengo_passing"
_LONGEST_PASSING = 400  # characters; a notification has room for 8,000 bytes
# The database itself says there whose access may have changed (core/migrations/0060): «person <id>» when a membership
# or a password changed, «session <digest>» when a session ended before its time.
ACCESS = "arengo_access"
KEPT = timedelta(hours=1)
_OVERLAP = 200  # ids before the last seen one: transactions commit out of the order of their ids
_KEEPALIVE = 15.0  # seconds; proxies close silent connections after 30–60
_ASK_AGAIN = 300.0  # seconds after which a stream's right is looked at again, also if nothing was heard
_ASK_BEFORE_WORDS = 60.0  # the same, before a stream says more than that something changed
_REST = 0.2  # seconds between two pushes of a topic: what changes meanwhile is in the next
_CATCHING_UP_MOST = (
    4  # connections that look up what screens missed: after a restart all screens come at once
)
PERSON_MOST = 20  # streams of one person: so many open windows
ORGANIZATION_MOST = 2000
PROCESS_MOST = 3000  # below config.serving.limits.CONNECTIONS_MOST: pages and webhooks want connections too

log = logging.getLogger(__name__)


def announce(organization_id: int, *topics: str) -> None:
    """Tell the organization's screens that these topics changed, when the current transaction commits."""
    if topics:
        with connection.cursor() as cursor:
            cursor.execute("SELECT arengo_announce(%s, %s)", [organization_id, list(dict.fromkeys(topics))])


def say(organization_id: int, topic: str, words: str) -> None:
    """Tell the screens that are open now and hear this topic ``words``, when the transaction commits. Nothing of it is kept.

    A screen that opens a moment later hears nothing of it. ValueError for more than 400 characters.
    """
    if len(words) > _LONGEST_PASSING:
        raise ValueError(f"{len(words)} characters")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [PASSING, json.dumps([organization_id, topic, words])])


_POSITION = "live_position"  # of a request's person: what another query of the same page has read


def remember(person: object, position: int) -> None:
    """What the page was drawn from was read after this: its stream starts here. ``person``: the request's."""
    setattr(person, _POSITION, position)


def position(person: object = None) -> int:
    """The newest event's id: a page rendered now carries it, so that its stream starts without a gap."""
    known: int | None = getattr(person, _POSITION, None)
    if known is not None:
        return known
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM core_liveevent")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def forget_old() -> int:
    deleted, _ = LiveEvent.objects.filter(at__lt=timezone.now() - KEPT).delete()
    return deleted


class TooManyStreams(Exception):
    """A ceiling is reached. ``whose`` is «person», «organization» or «process»."""

    def __init__(self, whose: str) -> None:
        super().__init__(whose)
        self.whose = whose


@dataclass(frozen=True)
class Listener:
    """The owner of a stream, and for how long they may read it.

    ``seconds_allowed`` asks the database and is called in a thread that gives its connection back: for how many seconds the
    right lasts if the person does nothing; 0 where there is none.
    """

    person_id: int
    session: str  # ``session_digest`` of its key
    seconds_at_first: float  # what ``seconds_allowed`` would have said when the stream was asked for
    seconds_allowed: Callable[[], float]


def session_digest(key: str) -> str:
    """By which a session is named in notifications: as the trigger in core/migrations/0060 makes it."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


@dataclass(frozen=True)
class _Said:
    topic: str
    words: str


@dataclass(frozen=True)
class _Pushed:
    event_id: int
    topic: str
    line: str


class _Signal(Enum):
    END = auto()  # the stream ends; the browser comes back and is looked at afresh
    ASK = auto()  # the right may be gone


_Item = tuple[int, str] | _Said | _Pushed | _Signal


@dataclass(eq=False)
class _Screen:
    organization_id: int
    topics: frozenset[str]
    listener: Listener | None = None
    viewer: Viewer | None = None  # of one that says what it shows
    queue: asyncio.Queue[_Item] = field(default_factory=lambda: asyncio.Queue(maxsize=1000))
    cut_off: bool = False

    def wants(self, organization_id: int, topic: str) -> bool:
        return organization_id == self.organization_id and topic in self.topics


class Place:
    """One stream's place under the ceilings, from the view's answer until that is closed."""

    def __init__(self, board: Switchboard, organization_id: int, person_id: int) -> None:
        self._keys: tuple[tuple[str, int], ...] = (
            ("person", person_id),
            ("organization", organization_id),
            ("process", 0),
        )
        self._board, self._held = board, True

    def release(self) -> None:
        """Any number of times, from any thread."""
        if self._held:
            self._held = False
            self._board.give_back(self._keys)


class Switchboard:
    """One listening connection a process, any number of screens."""

    def __init__(self) -> None:
        self._screens: set[_Screen] = set()
        self._taken: Counter[tuple[str, int]] = Counter()
        self._counting = threading.Lock()  # views take places in their threads
        self._task: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        self._catching_up = asyncio.Semaphore(_CATCHING_UP_MOST)
        self._closed = False
        self._to_push: dict[tuple[int, str], int] = {}  # organization and topic → the newest event
        self._pushing: dict[tuple[int, str], asyncio.Task[None]] = {}

    def take_place(self, organization_id: int, person_id: int) -> Place:
        """Raises TooManyStreams. The caller releases the place."""
        place = Place(self, organization_id, person_id)
        most = {"person": PERSON_MOST, "organization": ORGANIZATION_MOST, "process": PROCESS_MOST}
        with self._counting:
            for key in place._keys:  # noqa: SLF001 - its maker
                if self._taken[key] >= most[key[0]]:
                    raise TooManyStreams(key[0])
            self._taken.update(place._keys)  # noqa: SLF001
        return place

    def give_back(self, keys: tuple[tuple[str, int], ...]) -> None:
        with self._counting:
            for key in keys:
                self._taken[key] -= 1
                if not self._taken[key]:
                    del self._taken[key]

    @property
    def streams(self) -> int:
        """How many are open in this process."""
        return self._taken["process", 0]

    def close(self) -> None:
        """End every stream, now and from now on: the process ends, and its server waits for the streams.

        On the event loop's thread, any number of times. The browsers go to its successor and ask for what they missed.
        """
        self._closed = True
        for screen in list(self._screens):
            self._offer(screen, _Signal.END)

    async def stream(
        self,
        organization_id: int,
        topics: Iterable[str],
        since: int | None,
        listener: Listener | None = None,
        viewer: Viewer | None = None,
    ) -> AsyncIterator[bytes]:
        """Server-sent events until the listener may no longer hear them. ``since``: the last event id that the screen has seen.

        ``viewer``: of a screen to which topics are pushed: as events «<topic>-pushed», instead of the plain ones.
        """
        if self._closed:
            return
        screen = _Screen(organization_id, frozenset(topics), listener, viewer)
        ends = math.inf if listener is None else time.monotonic() + listener.seconds_at_first
        self._screens.add(screen)
        try:
            yield b"retry: 1000\n\n"
            await self._listening()
            seen: set[int] = set()
            if since is not None:
                try:
                    missed = await self._missed(screen, since)
                except LOST:
                    return  # the browser comes back and asks again
                for event_id, topic in missed:
                    seen.add(event_id)
                    yield _frame(event_id, topic)
            looked_at = time.monotonic()
            while True:
                item: _Item | None = None
                left = max(0.0, ends - time.monotonic())
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(min(_KEEPALIVE, left)):
                        item = await screen.queue.get()
                if item is _Signal.END or screen.cut_off:
                    return
                patience = _ASK_BEFORE_WORDS if isinstance(item, _Pushed) else _ASK_AGAIN
                now = time.monotonic()
                if item is _Signal.ASK or now - looked_at > patience or now >= ends:
                    if listener is not None:
                        seconds = await _seconds_allowed(listener)
                        if not seconds:
                            return
                        ends = time.monotonic() + seconds
                    looked_at = time.monotonic()
                if isinstance(item, tuple):
                    if item[0] not in seen:
                        yield _frame(*item)
                elif isinstance(item, _Said):
                    yield f"event: {item.topic}\ndata: {item.words}\n\n".encode()
                elif isinstance(item, _Pushed):
                    yield f"id: {item.event_id}\nevent: {item.topic}-pushed\ndata: {item.line}\n\n".encode()
                elif item is None:
                    yield b": \n\n"
        finally:
            self._screens.discard(screen)

    async def _missed(self, screen: _Screen, since: int) -> list[tuple[int, str]]:
        async with self._catching_up, await connect() as database:
            rows = await database.execute(
                "SELECT id, topic FROM core_liveevent WHERE organization_id = %s AND topic = ANY(%s) "
                "AND (id > %s OR (id > %s - %s AND at > now() - interval '10 seconds')) ORDER BY id LIMIT 1000",
                [screen.organization_id, list(screen.topics), since, since, _OVERLAP],
            )
            return [(int(row[0]), str(row[1])) for row in await rows.fetchall()]

    async def _listening(self) -> None:
        if self._task is None or self._task.done():
            self._ready.clear()
            self._task = asyncio.create_task(self._listen())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(5):
                await self._ready.wait()

    async def _listen(self) -> None:
        while self._screens:
            try:
                async with await connect(autocommit=True) as database:
                    await database.execute(f"LISTEN {CHANNEL}")
                    await database.execute(f"LISTEN {ACCESS}")
                    await database.execute(f"LISTEN {PASSING}")
                    self._ready.set()
                    while self._screens:  # asked again at each timeout: does anyone still look?
                        async for notice in database.notifies(timeout=30):
                            if notice.channel == ACCESS:
                                self._access_changed(notice.payload)
                            elif notice.channel == PASSING:
                                self._pass_on(notice.payload)
                            else:
                                self._hand_out(notice.payload)
            except LOST:
                log.warning("The database connection of the live screens was lost; trying again.")
                self._ready.clear()
                for screen in list(self._screens):  # they reconnect and ask for what they missed
                    self._offer(screen, _Signal.END)
                await asyncio.sleep(1)

    def _hand_out(self, payload: str) -> None:
        organization_id, events = json.loads(payload)
        for event_id, topic in events:
            pushed = live_pushes.is_pushed(topic)
            for screen in self._screens:
                if not screen.wants(organization_id, topic):
                    continue
                if pushed and screen.viewer is not None:
                    self._to_push[organization_id, topic] = event_id
                else:
                    self._offer(screen, (event_id, topic))
            place = (organization_id, topic)
            if place in self._to_push and place not in self._pushing:
                self._pushing[place] = asyncio.create_task(self._push(place))

    async def _push(self, place: tuple[int, str]) -> None:
        """One at a time: ten changes within a moment are made once. Where it fails the screens ask for themselves."""
        organization_id, topic = place
        while (event_id := self._to_push.pop(place, None)) is not None:
            screens = [one for one in self._screens if one.viewer is not None and one.wants(*place)]
            viewers = frozenset(one.viewer for one in screens if one.viewer is not None)
            try:
                made = await asyncio.to_thread(live_pushes.made, topic, organization_id, viewers)
            except Exception:  # whatever is wrong with what should be drawn, the news itself goes on
                log.exception("What the screens show of %s could not be made", topic)
                made = {}
            for screen in screens:
                line = made.get(screen.viewer) if screen.viewer is not None else None
                self._offer(screen, (event_id, topic) if line is None else _Pushed(event_id, topic, line))
            await asyncio.sleep(_REST)
        del self._pushing[place]

    def _pass_on(self, payload: str) -> None:
        organization_id, topic, words = json.loads(payload)
        for screen in self._screens:
            if screen.wants(organization_id, topic):
                self._offer(screen, _Said(topic, words))

    def _access_changed(self, payload: str) -> None:
        kind, _, which = payload.partition(" ")
        for screen in self._screens:
            listener = screen.listener
            if listener is None:
                continue
            if kind == "session" and which == listener.session:
                self._offer(screen, _Signal.END)
            elif kind == "person" and which == str(listener.person_id):
                self._offer(screen, _Signal.ASK)

    @staticmethod
    def _offer(screen: _Screen, item: _Item) -> None:
        """A screen too slow to read is cut off: it comes back and asks for what it missed."""
        try:
            screen.queue.put_nowait(item)
        except asyncio.QueueFull:
            screen.cut_off = True


async def _seconds_allowed(listener: Listener) -> float:
    """A right that cannot be looked up is none: the browser comes back and is looked at afresh."""
    try:
        return await asyncio.to_thread(listener.seconds_allowed)
    except (DatabaseError, OSError):
        return 0


def _frame(event_id: int, topic: str) -> bytes:
    return f"id: {event_id}\nevent: {topic}\ndata: {event_id}\n\n".encode()


switchboard = Switchboard()
