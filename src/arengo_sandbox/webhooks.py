# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Webhooks on their way: gathered, signed, posted, posted again until they are answered 200."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import logging
import random
import secrets
import time
from collections import deque
from collections.abc import Callable

import aiohttp
import msgspec

from arengo_sandbox.account import Account
from arengo_sandbox.conditions import Conditions
from arengo_sandbox.errors import GraphError
from arengo_sandbox.storage import Storage
from arengo_sandbox.webhook_shapes import Event, payload_of

log = logging.getLogger(__name__)

IN_FLIGHT = 4
ANSWER_WITHIN = aiohttp.ClientTimeout(total=10)
# Posts given a random wait of up to this many seconds while `shuffle` is on.
DISORDER_SECONDS = 0.4
# The due time of a post whose own task waits for it (a moment far off, because JSON knows no infinity).
HELD = 1e12


class Subscription(msgspec.Struct):
    """Where webhooks go: `scope` is the account's id, or a phone number's id that overrides it."""

    scope: str
    url: str
    verify_token: str


class Post(msgspec.Struct):
    """One body on its way to one address."""

    id: str
    url: str
    body: str
    born: float
    attempts: int = 0
    due: float = 0.0
    kept: bool = False
    refused: bool = False


class Webhooks:
    """Sends every event to the address that Meta would send it to. Nothing is sent while nobody subscribed."""

    def __init__(self, account: Account, storage: Storage, conditions: Callable[[], Conditions]) -> None:
        self._account = account
        self._storage = storage
        self._conditions = conditions
        self._subscriptions: dict[str, Subscription] = {}
        self._loose: dict[str, list[Event]] = {}
        self._ready: deque[Post] = deque()
        self._waiting: dict[str, Post] = {}
        self._flying: dict[str, Post] = {}
        self._wake = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._serial = itertools.count()
        self._session: aiohttp.ClientSession | None = None
        self.posted = 0
        self.failed = 0
        storage.before_flush(self._spill)

    def load(self) -> None:
        for subscription in self._storage.load("subscription", Subscription):
            self._subscriptions[subscription.scope] = subscription
        for post in self._storage.load("post", Post):
            post.due = 0.0
            self._waiting[post.id] = post

    # --- subscriptions ---------------------------------------------------------------------------------------

    def subscription(self, scope: str) -> Subscription | None:
        return self._subscriptions.get(scope)

    async def subscribe(self, scope: str, url: str, verify_token: str) -> None:
        """The handshake of Meta: GET with a challenge, which must come back as the body."""
        challenge = str(secrets.randbelow(10**10))
        asked = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": verify_token}
        try:
            async with self._client().get(url, params=asked, timeout=ANSWER_WITHIN) as answer:
                body = (await answer.content.read(4096)).decode("utf-8", "replace").strip()
                verified = answer.status == 200 and hmac.compare_digest(body.encode(), challenge.encode())
                reason = f"HTTP {answer.status}, and the body is {'' if verified else 'not '}the challenge"
        except (aiohttp.ClientError, TimeoutError, ValueError) as problem:
            verified, reason = False, type(problem).__name__
        if not verified:
            raise GraphError(
                2200,
                f"Callback verification failed with the following errors: {reason}",
                http=400,
                title="The URL couldn't be validated. Callback verification failed.",
            )
        subscription = Subscription(scope, url, verify_token)
        self._subscriptions[scope] = subscription
        self._storage.put("subscription", scope, subscription)
        self._hurry(url)

    def unsubscribe(self, scope: str) -> None:
        if self._subscriptions.pop(scope, None) is not None:
            self._storage.drop("subscription", scope)

    # --- the road --------------------------------------------------------------------------------------------

    @property
    def subscribed(self) -> bool:
        """Whether anybody listens at all: spares the work of describing events to nobody."""
        return bool(self._subscriptions)

    def emit(self, event: Event) -> None:
        scopes = (event.number.id, self._account.waba_id) if event.number else (self._account.waba_id,)
        target = next((self._subscriptions[scope] for scope in scopes if scope in self._subscriptions), None)
        if target is not None:
            self._loose.setdefault(target.url, []).append(event)
            self._wake.set()

    @property
    def pending(self) -> int:
        """Posts not answered 200 yet, and events not gathered yet."""
        return len(self._ready) + len(self._waiting) + len(self._flying) + sum(map(len, self._loose.values()))

    async def run(self) -> None:
        """Gather, post, wait for the next event or the next retry; until cancelled."""
        while True:
            if not self._loose and not self._ready:
                await self._sleep()
            self._wake.clear()
            if self._conditions().webhooks.paused:
                await asyncio.sleep(0.1)
                continue
            if self._loose:
                await asyncio.sleep(self._conditions().webhooks.gather_ms / 1000)
                self._gather()
            now = time.time()
            for post in sorted(self._waiting.values(), key=lambda post: post.id):
                if post.due <= now:
                    del self._waiting[post.id]
                    self._ready.append(post)
            while self._ready:
                if len(self._flying) >= IN_FLIGHT:
                    self._wake.clear()
                    await self._wake.wait()
                    continue
                self._launch(self._ready.popleft())

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        if self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    async def _sleep(self) -> None:
        due = min((post.due for post in self._waiting.values()), default=None)
        timeout = None if due is None else max(0.0, due - time.time())
        try:
            await asyncio.wait_for(self._wake.wait(), timeout)
        except TimeoutError:
            return

    def _gather(self) -> None:
        rules = self._conditions().webhooks
        now = time.time()
        loose, self._loose = self._loose, {}
        for url, events in loose.items():
            if rules.shuffle:
                random.shuffle(events)
            for start in range(0, len(events), rules.batch):
                body = payload_of(self._account.waba_id, events[start : start + rules.batch], now)
                post = Post(f"{time.time_ns():020d}-{next(self._serial):06d}", url, body.decode("ascii"), now)
                self._ready.append(post)
                if random.random() < rules.duplicate:  # noqa: S311 - chance, not secrecy
                    twin = Post(f"{post.id}-twin", url, post.body, now)
                    self._ready.append(twin)

    def _launch(self, post: Post) -> None:
        self._flying[post.id] = post
        task = asyncio.create_task(self._deliver(post))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, post: Post) -> None:
        rules = self._conditions().webhooks
        delay = rules.delay_ms / 1000
        if rules.shuffle:
            delay += random.random() * DISORDER_SECONDS  # noqa: S311 - chance, not secrecy
        if delay:
            # Waiting is not flying: a delayed post must not hold up the ones behind it.
            self._flying.pop(post.id, None)
            self._waiting[post.id] = post
            post.due = HELD
            self._wake.set()
            await asyncio.sleep(delay)
            self._waiting.pop(post.id, None)
            self._flying[post.id] = post
        answered = await self._attempt(post)
        self._flying.pop(post.id, None)
        if answered:
            self.posted += 1
            self._forget(post)
            self._hurry(post.url, only_unreachable=True)
        else:
            self.failed += 1
            self._postpone(post)
        self._wake.set()

    async def _attempt(self, post: Post) -> bool:
        body = post.body.encode("ascii")
        signature = hmac.new(self._account.app_secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={signature}"}
        post.attempts += 1
        post.refused = False
        try:
            async with self._client().post(
                post.url, data=body, headers=headers, timeout=ANSWER_WITHIN, allow_redirects=False
            ) as answer:
                await answer.read()
                post.refused = answer.status != 200
                return not post.refused
        except (aiohttp.ClientError, TimeoutError, OSError):
            return False

    def _postpone(self, post: Post) -> None:
        now = time.time()
        if now - post.born > self._account.keep_for:
            log.warning("a webhook was given up: not answered 200 in %d s", int(self._account.keep_for))
            self._forget(post)
            return
        wait = min(self._account.retry_max, self._account.retry_base * 2.0 ** min(post.attempts - 1, 20))
        post.due = now + wait
        self._waiting[post.id] = post
        post.kept = True
        self._storage.put("post", post.id, post)

    def _forget(self, post: Post) -> None:
        if post.kept:
            self._storage.drop("post", post.id)

    def _hurry(self, url: str, *, only_unreachable: bool = False) -> None:
        """The address answers again: what waited because nobody was there need not wait longer."""
        for post in self._waiting.values():
            if post.url == url and post.due != HELD and not (only_unreachable and post.refused):
                post.due = 0.0
        self._wake.set()

    def _spill(self) -> None:
        """Before a flush: whatever is still on its way is kept, so that a killed sandbox sends it after its restart."""
        if self._loose and not self._conditions().webhooks.paused:
            self._gather()
            self._wake.set()
        for post in itertools.chain(self._ready, self._flying.values(), self._waiting.values()):
            if not post.kept:
                post.kept = True
                self._storage.put("post", post.id, post)

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=IN_FLIGHT * 2),
                headers={"User-Agent": "facebookexternalua"},
            )
        return self._session
