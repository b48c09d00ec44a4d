# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an outlet must be able to do, and what it may be able to do.

An outlet is one object that the registry holds (``registry.register``). Before sending it makes a :class:`Plan` of a draft:
what keeps it from going out there, how it will look, whom it reaches and at what cost. Sending, it is handed a placement
(``place``); afterwards it says what became of it (``outcome``). What only some outlets can do is a protocol below
(:class:`Stops`, :class:`Retries`, :class:`Withdraws`, :class:`Corrects`, :class:`Counts`, :class:`Shows`), and is asked for with
``isinstance``: nothing outside of an outlet's folder knows its key.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any, Protocol, runtime_checkable

from django.db.models import QuerySet
from django.utils.functional import Promise

from arengo.audience.recipients import Reach
from arengo.core.models import Organization, Person
from arengo.delivery.limits.tier import Outlook
from arengo.delivery.models import Sender
from arengo.delivery.prices.pricing import Cost
from arengo.newsroom.checking import Problem
from arengo.newsroom.drafts import Draft
from arengo.newsroom.kinds.base import registry as kinds
from arengo.newsroom.models import Placement
from arengo.platforms.contract import Address

Words = str | Promise


class NotNow(Exception):
    """The other side was busy or out of reach: the same again later. ``words`` say why, for staff."""

    def __init__(self, words: str) -> None:
        super().__init__("the outlet was busy")
        self.words = words


class Unsendable(Exception):
    """It will not go without somebody mending something; ``words`` say what."""

    def __init__(self, words: str) -> None:
        super().__init__("the copy cannot be handed over")
        self.words = words


# --- before sending -------------------------------------------------------------------------------------------


class Recipients(Protocol):
    """The people whom an update reaches one by one."""

    def reach(self) -> Reach:
        """How many, and how many are spared and why."""
        ...

    def among(self, hashes: Collection[bytes]) -> int:
        """How many of them have an ``Address.key`` with one of these hashes."""
        ...

    def addresses(self) -> Iterator[Address]: ...


@dataclass(frozen=True)
class Estimate:
    """``cost`` None: no price is set for today, so nobody may say what it costs.

    ``outlook`` None: the platform sets no daily limit that we know of. ``duration`` is of what leaves today.
    ``listed``: how many are on the list. Not among the recipients are ``spared``, who told the platform to stop news, and
    ``other_topics``, who chose topics and none of this draft's; ``other_quarters``, likewise; ``other_frequency``, who wants only
    what this is not.
    """

    recipients: int
    cost: Cost | None
    duration: timedelta
    outlook: Outlook | None = None
    spared: int = 0
    other_topics: int = 0
    listed: int = 0
    other_quarters: int = 0
    other_frequency: int = 0


@dataclass(frozen=True)
class Obstacle:
    """Why the outlet cannot be reached now, whatever the text. ``mend``: the outlet's own name of what helps."""

    words: str
    mend: str = ""


class Plan:
    """One draft, as it would go out at one outlet. Made for one page: what it asks the database it asks once.

    This one has nothing against any draft and reaches nobody by name; an outlet derives its own.
    """

    def __init__(self, outlet: Outlet, draft: Draft, organization: Organization) -> None:
        self.outlet = outlet
        self.draft = draft
        self.organization = organization

    @property
    def sender(self) -> Sender | None:
        """The sender of the messages, at an outlet that sends messages."""
        return None

    @property
    def problems(self) -> Sequence[Problem]:
        """What in the text keeps it from this outlet, beyond what keeps it from any."""
        return ()

    @property
    def obstacle(self) -> Obstacle | None:
        return None

    @cached_property
    def lines(self) -> Draft:
        """As titles and lines, for outlets that know no more of an update."""
        return kinds.as_lines(self.draft)

    @property
    def preview(self) -> object:
        """What the outlet's own template draws."""
        return self.draft

    @property
    def recipients(self) -> Recipients | None:
        """None at an outlet that reaches nobody by name."""
        return None

    def estimate(self, recipients: Recipients) -> Estimate | None:
        """For these people; None where nothing can be said."""
        return None

    @cached_property
    def estimated(self) -> Estimate | None:
        recipients = self.recipients
        return None if recipients is None else self.estimate(recipients)

    @property
    def to(self) -> str:
        """After «Invia»: «a 3 persone», «al canale»."""
        return str(self.outlet.words.to)


# --- after ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Placed:
    """What ``place`` leaves in the placement. ``by_person``: somebody must still do something, which holds up nothing."""

    reference: str = ""
    url: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    by_person: bool = False


@dataclass(frozen=True)
class Figures:
    """Of a copy that goes to people one by one: how many of ``total`` have come how far.

    ``accepted``, ``delivered`` and ``read`` count all that ever came so far; the properties below count each person once.
    ``unknown``: nobody can say. ``cancelled``: stopped before they left. ``waiting``: not decided yet. ``over``: nothing more
    leaves. ``stopped``: a person stopped it; ``withheld``: a database that was taken back keeps it; ``held_up``: its sender
    is stopped. ``receipts``: the platform tells what becomes of a message; without, what it took counts as arrived. ``spent``:
    what receipts say that it cost, in words; "" where nobody asked or none did.
    """

    total: int
    accepted: int
    delivered: int
    read: int
    failed: int
    unknown: int = 0
    cancelled: int = 0
    waiting: int = 0
    over: bool = True
    stopped: bool = False
    withheld: bool = False
    held_up: bool = False
    receipts: bool = True
    spent: str = ""

    @property
    def undelivered(self) -> int:
        """Taken by the platform, and not on a phone as far as is known."""
        decided = self.waiting + self.cancelled + self.failed + self.unknown
        return max(0, self.total - decided - self.delivered)

    @property
    def unread(self) -> int:
        return max(0, self.delivered - self.read)

    @property
    def arrived(self) -> int:
        """On a phone, as far as the platform tells."""
        return self.delivered if self.receipts else self.undelivered + self.delivered

    @property
    def awaited(self) -> int:
        """Taken, and its receipt may still come."""
        return self.undelivered if self.receipts else 0


@dataclass(frozen=True)
class Outcome:
    """What became of a copy, for the outlet's own template. ``stoppable``: something of it has not left yet.

    ``figures``: of one that goes to people one by one.
    """

    stoppable: bool = False
    figures: Figures | None = None


@dataclass(frozen=True)
class Said:
    """What came of an action, in words for who did it. ``done`` False: there was nothing left to do."""

    words: str
    done: bool


# --- the outlet -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class OutletWords:
    """How pages speak of it. ``name`` alone is needed; the others make sentences of pages that several outlets share."""

    name: Words  # «Canale pubblico»
    on: Words  # «Per pubblicare subito solo …»: «sul canale»
    alone: Words  # «Solo sul canale pubblico»
    where: Words  # in a sentence: «sul canale pubblico, dove lo legge chiunque»
    to: Words = ""  # «Invia …»: «al canale»; an outlet whose plan says it with a number leaves it empty
    press: Words = ""  # the button, where it is the only outlet: «Pubblica sul canale»
    free: Words = ""  # what it costs, where it is the only outlet: «Nulla: il canale è gratis.»
    shown: Words = ""  # the heading over what went out, where it is not ``on``: «Sul telefono»


@dataclass(frozen=True)
class Partials:
    """Its templates; "" where it says nothing. Those before sending get ``plan``, those after ``copy``; all get ``update``."""

    face: str  # what goes out as it will look, from ``plan``; also on the page of a sent update
    sent: str  # state and outcome of the copy
    preview: str = ""  # in the editor: the face with its heading and its count
    estimate: str = ""  # in the editor: how many, how much, what stands in the way
    who: str = ""  # the question before sending: «A chi»
    cost: str = ""  # «Quanto costa»
    duration: str = ""  # «Quanto dura»
    notes: str = ""  # what else one must know before pressing


class Outlet(ABC):
    key: str  # kept in drafts and placements: at most 40 of a–z and _
    words: OutletWords
    partials: Partials
    urls: str = ""  # the module of its own addresses, below /console/redazione/

    def is_offered(self) -> bool:
        """Whether drafts of the scope's organization may choose it."""
        return True

    def plan(self, draft: Draft, organization: Organization) -> Plan:
        return Plan(self, draft, organization)

    @abstractmethod
    def place(self, placement: Placement) -> Placed:
        """Hands the copy over. It may be called any number of times for one placement, also after an answer was lost:
        the second call finds what the first one did. Raises NotNow, Unsendable.
        """

    @abstractmethod
    def outcome(self, placement: Placement) -> Outcome: ...


# --- what some can --------------------------------------------------------------------------------------------


@runtime_checkable
class Stops(Protocol):
    def stop(self, placement: Placement, *, by: Person) -> Said:
        """What has not left yet does not leave."""
        ...


@dataclass(frozen=True)
class Again:
    """A second try of what failed, before somebody presses: to ``people``; ``gone`` failed too and are meant no longer.

    ``attempt`` of ``most``, the first sending counted; names what the person saw, so that a second press does nothing.
    ``reason``: why they failed, in words; "" for all reasons. ``hopeless``: the same is refused again, as a rule.
    ``cost`` None: no price is set. ``obstacle``: why it cannot go now, in words.
    """

    people: int
    gone: int
    cost: Cost | None
    attempt: int
    most: int
    reason: str = ""
    hopeless: bool = False
    obstacle: str = ""

    @property
    def may_go(self) -> bool:
        return bool(self.people) and self.attempt <= self.most and not self.obstacle


@runtime_checkable
class Retries(Protocol):
    """Parts of it that failed go again; ``codes``: those of these reasons only."""

    def again(self, placement: Placement, organization: Organization, *, codes: list[int] | None) -> Again:
        """To whom, at what cost, for which time."""
        ...

    def retry(
        self,
        placement: Placement,
        *,
        by: Person,
        codes: list[int] | None = None,
        attempt: int | None = None,
    ) -> Said:
        """``attempt``: the one that the person saw; where it was made meanwhile, nothing goes. None: whichever is next."""
        ...


@runtime_checkable
class Withdraws(Protocol):
    def withdraw(self, placement: Placement, *, by: Person) -> Said:
        """Nobody reads it there any more."""
        ...


@runtime_checkable
class Corrects(Protocol):
    def correct(self, placement: Placement, draft: Draft, *, by: Person) -> Said:
        """What stands there becomes what ``draft`` says."""
        ...


@runtime_checkable
class Counts(Protocol):
    """It sends to people one by one, and counts them."""

    def figures(self, placements: Collection[Placement]) -> Mapping[int, Figures]:
        """By the placement's id, in one query."""
        ...

    def leaving(self) -> QuerySet[Any]:
        """Ids of published updates whose copies here are still on their way. Part of another query."""
        ...


@runtime_checkable
class Shows(Protocol):
    """Its copies stand where everybody may read them."""

    def pages(self, placements: Collection[Placement]) -> Mapping[int, str]:
        """The address of each by the placement's id, in one query; without those that were taken away."""
        ...


@dataclass(frozen=True)
class Waiting:
    """What waits for somebody of the newsroom: how many, what it is called, and where it is done."""

    count: int
    words: str
    url: str


@runtime_checkable
class WaitsForPeople(Protocol):
    def waiting(self) -> Waiting | None:
        """None where nothing waits. Asked on each page of the console: one small query."""
        ...
