# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The dispatcher of one sender: claims, sends within the pace, hands results to the writer.

1. Claim a fraction of a second's worth of deliveries, most urgent first, and commit the claim.
2. Send each: no faster than the number's pace, many at once, to one address in order.
3. Hand each answer to ``Results``. Accepted, refused for good, refused for now, or uncertain: nothing is guessed.
4. Stop at a refusal that concerns the sender itself; what was claimed goes back into the outbox.
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import logging
import random
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import aiohttp

from arengo.core.database import LOST
from arengo.delivery.limits import ceilings
from arengo.delivery.limits.pace import Pace
from arengo.delivery.limits.pairs import Pairs
from arengo.delivery.models import DeliveryState, Urgency
from arengo.delivery.queue.claimed import Claimed, OwnedSender as OwnedSender
from arengo.delivery.queue.claims import Claims
from arengo.delivery.sending import opaque
from arengo.delivery.sending.follow_ups import FollowUps
from arengo.delivery.sending.moves import Move, reason_of
from arengo.delivery.sending.results import Requeue, Results
from arengo.platforms import refusing
from arengo.platforms.contract import Refusal, Remedy
from arengo.platforms.departing import Departure, departure
from arengo.platforms.registry import platform

_HORIZON = 0.1  # seconds' worth of deliveries claimed ahead: what an alert waits behind, and what a killed worker leaves in doubt
_LEAST_CLAIM, _MOST_CLAIM = 10, 1000  # deliveries
_MOST_IN_FLIGHT = 512
_POLL = 1.0  # seconds: deliveries whose ``not_before`` has come announce themselves to nobody
_SETTLE_EVERY = 5.0  # seconds
_ASK_AGAIN = 0.05  # seconds between two questions whether the number is ours again
_LATE = 0.05  # seconds until what goes back is surely written


class _Patience(NamedTuple):
    """Seconds, at the end, for answers under way and for writing results."""

    answers: float
    results: float


# The process ends, and is killed after five seconds (cli/supervisor.py); or the number is somebody else's soon.
_IN_HASTE = _Patience(3.0, 1.0)
# The platform stopped it: nobody waits, and every answer comes within the client's 30 seconds.
_AT_EASE = _Patience(35.0, 60.0)
_ACCEPTED, _UNCERTAIN = int(DeliveryState.ACCEPTED), int(DeliveryState.UNCERTAIN)

log = logging.getLogger(__name__)


class Dispatcher:
    """``holds`` is asked before each send whether the number is still ours (``Lease.holds``)."""

    def __init__(
        self, sender: OwnedSender, http: aiohttp.ClientSession, holds: Callable[[], bool] = lambda: True
    ) -> None:
        self.sender = sender
        self._holds = holds
        self.pace = Pace(sender.rate)
        self.results = Results(sender.id, sender.organization_id, sender.epoch)
        self._claims = Claims(
            sender, lambda pk, kind: self.results.add(_failed(pk, 0, kind)), self.pace.heard
        )
        self._platform = platform(sender.platform)
        self._pairs = Pairs(self._platform.can.to_one)
        self._follow_ups = FollowUps(sender, self.results)
        self._http = http
        self._horizon = min(_MOST_CLAIM, max(_LEAST_CLAIM, int(sender.rate * _HORIZON)))
        self._backlog: list[tuple[int, int, Claimed]] = []  # a heap: urgency, then age
        self._more = asyncio.Event()  # something is in the backlog
        self._look = asyncio.Event()  # the backlog runs low, or the outbox may hold something new
        self._afresh = True  # look from the oldest on
        self._alarm: asyncio.TimerHandle | None = None
        self._taking: asyncio.Task[None] | None = None
        self._slots = asyncio.Semaphore(_MOST_IN_FLIGHT)
        self._lanes: dict[
            bytes, deque[Claimed]
        ] = {}  # addresses with a message under way, and what waits behind it
        self._in_flight: set[asyncio.Task[None]] = set()
        self._outage = 0.0  # seconds to hold still: nobody answers, or nothing that decides anything
        self._outage_until = 0.0  # by the loop's clock: until then another failure is the same outage
        self._in_doubt = 0  # answers in a row that decided nothing
        self._ending = False
        self._doubtful = False  # the database did not confirm a claim
        self._resting = False
        self.halted: Refusal | None = None

    def wake(self) -> None:
        """The outbox may hold something new."""
        self._afresh = True
        self._look.set()

    @property
    def claimed(self) -> int:
        """Deliveries claimed and not sent yet."""
        return len(self._backlog)

    @property
    def in_flight(self) -> int:
        """Sends whose answer is awaited."""
        return len(self._in_flight)

    async def run(self) -> None:
        """Until cancelled, or until the platform refuses the sender itself. Ends clean: what was not sent is given back."""
        writer = asyncio.create_task(self.results.write_forever())
        workers = [
            asyncio.create_task(work())
            for work in (
                self._claim_forever,
                self._send_forever,
                self._settle_forever,
                self._follow_ups.tend_forever,
            )
        ]
        self._look.set()
        try:
            done, _ = await asyncio.wait([writer, *workers], return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
            patience = _AT_EASE
        except BaseException:
            patience = _IN_HASTE
            raise
        finally:
            self._ending = True
            for task in workers:
                task.cancel()
            await asyncio.gather(*workers, return_exceptions=True)
            winding_up = asyncio.create_task(self._wind_up(writer, patience))
            try:
                await asyncio.shield(winding_up)
            except asyncio.CancelledError:  # told to end in the middle of it
                await asyncio.wait([winding_up], timeout=sum(_IN_HASTE))
                raise

    async def _wind_up(self, writer: asyncio.Task[None], patience: _Patience) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        taking = [self._taking] if self._taking is not None else []
        if under_way := [*self._in_flight, *taking]:  # what has no answer becomes uncertain at the next owner
            await asyncio.wait(under_way, timeout=patience.answers)
        for task in taking:
            task.cancel()
            await asyncio.wait([task], timeout=patience.results)
        for _urgency, _id, claimed in self._backlog:
            self._give_back(claimed)
        self._backlog.clear()
        writer.cancel()
        await asyncio.gather(writer, return_exceptions=True)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience.results):
                await self.results.write()
                await self._follow_ups.tend()
        await self.results.close()
        await self._claims.close()

    def _give_back(self, claimed: Claimed) -> None:
        self.results.add(Requeue(claimed.id, datetime.now(UTC), counts=False))

    # --- claim ---

    async def _claim_forever(self) -> None:
        while True:
            try:
                async with asyncio.timeout(_POLL):
                    await self._look.wait()
            except TimeoutError:
                self._afresh = True
            self._look.clear()
            afresh, self._afresh = self._afresh, False
            full = len(self._backlog) >= self._horizon
            if full and (not afresh or len(self._backlog) >= 4 * self._horizon):
                continue
            # With a full backlog only what overtakes is worth claiming: alerts and replies.
            least_urgent = Urgency.REPLY if full else Urgency.NEWS
            try:
                if self._doubtful:
                    # A claim whose commit was not answered may stand all the same. With nothing under way it can be
                    # told apart.
                    self._resting = True
                    try:
                        while self._in_flight or self.results.pending:  # noqa: ASYNC110  # rare, and over in a moment
                            await asyncio.sleep(_ASK_AGAIN)
                        found = await self._claims.unclaim(
                            [claimed.id for _urgency, _id, claimed in self._backlog]
                        )
                    finally:
                        self._resting = False
                    self._doubtful = False
                    if found:
                        log.warning("%d claims were given back: the database had not confirmed them.", found)
                # Not cut off by an end: what is claimed must be known, to be given back.
                self._taking = asyncio.create_task(self._take(least_urgent, afresh=afresh))
                await asyncio.shield(self._taking)
            except LOST as error:
                self._doubtful = True
                log.warning("Claiming waits for the database (%s).", type(error).__name__)
                await self._claims.close()
                await asyncio.sleep(0.5)
                self.wake()

    async def _take(self, least_urgent: int, *, afresh: bool) -> None:
        claimed = await self._claims.take(self._horizon, least_urgent, afresh=afresh)
        for item in claimed:
            heapq.heappush(self._backlog, (item.urgency, item.id, item))
        if claimed:
            self._more.set()

    def _look_in(self, seconds: float) -> None:
        """Look afresh then, unless an earlier look is due anyway."""
        loop = asyncio.get_running_loop()
        at = loop.time() + seconds
        if self._alarm is not None:
            if loop.time() < self._alarm.when() <= at:
                return
            self._alarm.cancel()
        self._alarm = loop.call_at(at, self.wake)

    # --- send ---

    def _stopped(self) -> bool:
        return self.halted is not None

    async def _send_forever(self) -> None:
        backlog, half = self._backlog, self._horizon // 2
        while not self._stopped():
            while not backlog:
                self._more.clear()
                self._look.set()
                await self._more.wait()
                if self._stopped():
                    return
            await self._slots.acquire()
            if self._outage:
                await asyncio.sleep(self._outage)
            await self.pace.wait()
            while self._resting or not self._holds():  # noqa: ASYNC110  # its owner ends this task, or hears from the database
                await asyncio.sleep(_ASK_AGAIN)
            if not backlog or self._stopped():
                self._slots.release()
                continue
            _urgency, _id, claimed = heapq.heappop(backlog)
            if len(backlog) < half:
                self._look.set()
            behind = self._lanes.get(claimed.lane)
            if (
                behind is not None
            ):  # two messages to one person arrive in the order in which they were written
                behind.append(claimed)
                self._slots.release()
                continue
            self._lanes[claimed.lane] = deque()
            task = asyncio.create_task(self._send(claimed))
            self._in_flight.add(task)
            task.add_done_callback(self._in_flight.discard)

    async def _send(self, claimed: Claimed) -> None:
        behind = self._lanes[claimed.lane]
        try:
            self.results.add(await self._attempt(claimed))
            while behind and not self._ending and not self._stopped() and self._holds():
                self.results.add(await self._attempt(behind.popleft()))
        finally:
            for waiting in behind:
                self._give_back(waiting)
            del self._lanes[claimed.lane]
            self._slots.release()

    async def _attempt(self, claimed: Claimed) -> Move | Requeue:
        if not self._holds():
            return Requeue(claimed.id, datetime.now(UTC), counts=False)
        early = self._pairs.early(claimed.lane, claimed.id)
        if early:
            return self._wait(claimed, early)
        departure.set(left := Departure())
        tried_at = datetime.now(UTC)
        try:
            accepted = await self._platform.send(
                self._http,
                self.sender.credentials,
                claimed.address,
                claimed.outgoing,
                opaque.written(claimed.id),
            )
        except Refusal as refusal:
            return self._refused(claimed, refusal, tried_at)
        except Exception as error:  # noqa: BLE001  # a bug of ours in one message: the others go on
            log.error("Delivery %d could not be sent (%s).", claimed.id, type(error).__name__)
            if left.begun:
                self._nothing_decided(Refusal(Remedy.RETRY, certain=False))
                return Move(claimed.id, state=_UNCERTAIN, tried_at=tried_at)
            return _failed(claimed.id, refusing.OWN_FAULT, type(error).__name__)
        self._answered()
        if claimed.attempts > 1:
            self._pairs.went(claimed.lane)
        move = Move(claimed.id, state=_ACCEPTED, accepted_at=datetime.now(UTC))
        move.identify(accepted.message_id, keep=claimed.single)  # nobody quotes a mailing
        return move

    def _refused(self, claimed: Claimed, refusal: Refusal, tried_at: datetime) -> Move | Requeue:
        if refusal.slow_down:
            self.pace.slow_down()
        if not refusal.certain:
            self._nothing_decided(refusal)
            return Move(claimed.id, state=_UNCERTAIN, tried_at=tried_at)
        reason = reason_of(refusal.title, refusal.details)
        now = datetime.now(UTC)
        if refusal.code == 0 and refusal.remedy is Remedy.RETRY:
            # Nobody answers: no message's fault, so it costs none an attempt. Everybody waits.
            self._hold_still(ceilings.LONGEST_OUTAGE)
            if claimed.outages >= ceilings.OUTAGES:
                return _failed(claimed.id, refusing.NOBODY_ANSWERED, reason)
            self._look_in(self._outage + _LATE)
            later = now + timedelta(seconds=self._outage)
            return Requeue(claimed.id, later, reason=reason, counts=False, outage=True)
        self._answered()
        if refusal.remedy is Remedy.STOP_SENDER:
            self._halt(refusal)
            return Requeue(claimed.id, now, refusal.code, reason, counts=False)
        if claimed.attempts >= ceilings.ATTEMPTS:
            self._follow_ups.refused(claimed, refusal.remedy)
            return _failed(claimed.id, refusal.code, reason)
        if refusal.remedy is Remedy.PAIR:
            wait = self._pairs.refused(claimed.lane, claimed.id)
            return self._wait(claimed, wait, refusal.code, reason, counts=True)
        if refusal.remedy in (Remedy.RETRY, Remedy.RETRY_LATER):
            # Full jitter over a doubling ceiling; what the platform itself asks for is the least.
            ceiling = min(ceilings.LONGEST_BACKOFF, 2.0**claimed.attempts)
            least = refusal.retry_after or 0.0
            backoff = least + random.uniform(0, ceiling)  # noqa: S311  # spreads load; no secret
            return self._wait(claimed, backoff, refusal.code, reason, counts=True)
        self._follow_ups.refused(claimed, refusal.remedy)
        return _failed(claimed.id, refusal.code, reason)

    def _answered(self) -> None:
        """The platform decided about a message: whatever was wrong on the way is over."""
        self._outage = 0.0
        self._in_doubt = 0

    def _nothing_decided(self, refusal: Refusal) -> None:
        """An answer that leaves its message in doubt. Many in a row are an outage: each more would cost a message its outcome."""
        self._in_doubt += 1
        if refusal.remedy is Remedy.STOP_SENDER and (
            refusal.code or self._in_doubt >= ceilings.DOUBTS_BEFORE_STOP
        ):
            self._halt(refusal)
        if self._in_doubt >= ceilings.DOUBTS_BEFORE_PAUSE:
            self._hold_still(ceilings.LONGEST_DOUBT, refusal.retry_after or 0.0)

    def _halt(self, refusal: Refusal) -> None:
        self.halted = self.halted or refusal
        self._more.set()

    def _wait(
        self, claimed: Claimed, seconds: float, code: int = 0, reason: str = "", *, counts: bool = False
    ) -> Requeue:
        self._look_in(seconds + _LATE)
        return Requeue(claimed.id, datetime.now(UTC) + timedelta(seconds=seconds), code, reason, counts)

    def _hold_still(self, longest: float, least: float = 0.0) -> None:
        """A pause twice as long each time. The messages under way when it began count as one: a blink stays a blink."""
        now = asyncio.get_running_loop().time()
        if now >= self._outage_until:
            self._outage = min(longest, max(0.5, least, self._outage * 2))
            self._outage_until = now + self._outage

    # --- settle ---

    async def _settle_forever(self) -> None:
        while True:
            await asyncio.sleep(_SETTLE_EVERY)
            try:
                await self._claims.settle()
            except LOST as error:
                log.warning("Settling waits for the database (%s).", type(error).__name__)


def _failed(delivery_id: int, code: int, reason: str) -> Move:
    return Move(delivery_id, failed_at=datetime.now(UTC), code=code, reason=reason)
