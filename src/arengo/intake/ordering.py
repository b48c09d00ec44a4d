# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""In which order the events of a batch are handed out: by type, and for each person in the order of arrival.

Listeners hear many events of one type at once, which is what makes a burst cheap. Where one person's events would so
be turned round (they wrote, and then changed number), what came later waits for the next round. Others do not wait.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from arengo.platforms.contract import (
    Address,
    HandedOver,
    IdentityChanged,
    MessageReceived,
    PreferenceChanged,
    ReceiptReceived,
    Remedy,
    SenderNotice,
    TemplateChanged,
)

# Who a person is comes before what they wrote; what we sent comes after.
ORDER: tuple[type[Any], ...] = (
    IdentityChanged,
    MessageReceived,
    HandedOver,
    PreferenceChanged,
    ReceiptReceived,
    TemplateChanged,
    SenderNotice,
)
_RANK = {event_type: rank for rank, event_type in enumerate(ORDER)}

KnownAddresses = Callable[[str, Sequence[Address]], Iterable[Address]]


class Arrived(NamedTuple):
    """One event, the number that it concerns, and the row of the journal in which it came."""

    sender_id: int
    platform: str
    event: Any
    row_id: int = 0


def rounds(arrived: Sequence[Arrived], known: KnownAddresses) -> Iterator[list[Arrived]]:
    """The events of one organization, in rounds. ``known(platform, addresses)``: all addresses of the people who have these.

    Most batches are one round: only a change of address, a choice about marketing or a refusal for silence can be turned
    round with something else of the same person.
    """
    rare = [one for one in arrived if _is_rare(one.event)]
    if not rare or len(arrived) == 1:
        yield list(arrived)
        return
    people = People()
    for one in arrived:
        people.join(one.platform, addresses_of(one.event))
    for platform in {one.platform for one in rare}:
        asked = [address for one in rare if one.platform == platform for address in addresses_of(one.event)]
        for address in known(platform, asked):
            people.join(platform, [address])
    yield from _sorted(arrived, people)


def _sorted(arrived: Sequence[Arrived], people: People) -> Iterator[list[Arrived]]:
    found: list[list[Arrived]] = [[]]
    at: dict[
        str, tuple[int, tuple[int, int]]
    ] = {}  # by person: their round, and how far it has come with them
    for one in arrived:
        number = 0
        person = people.of(one.platform, addresses_of(one.event))
        if person is not None:
            step = (_RANK[type(one.event)], one.sender_id)
            number, before = at.get(person, (0, step))
            number += step < before
            at[person] = (number, step)
            if number == len(found):
                found.append([])
        found[number].append(one)
    yield from found


def _is_rare(event: Any) -> bool:
    if isinstance(event, ReceiptReceived):
        return event.remedy is Remedy.OPTED_OUT and event.address is not None
    return isinstance(event, IdentityChanged | PreferenceChanged)


def addresses_of(event: Any) -> list[Address]:
    """Those that an event is about, where it matters in which order its person hears of it."""
    if isinstance(event, IdentityChanged):
        return [event.previous, event.current]
    if isinstance(event, MessageReceived | PreferenceChanged) or _is_rare(event):
        return [event.address]
    return []


class People:
    """Numbers and user ids that belong together: each points towards the one that stands for all."""

    def __init__(self) -> None:
        self._towards: dict[str, str] = {}

    def join(self, platform: str, addresses: Iterable[Address]) -> None:
        first = None
        for part in parts_of(platform, addresses):
            head = self._head(self._towards.setdefault(part, part))
            if first is None:
                first = head
            else:
                self._towards[head] = first

    def of(self, platform: str, addresses: Iterable[Address]) -> str | None:
        for part in parts_of(platform, addresses):
            return self._head(part)
        return None

    def all(self) -> dict[str, set[str]]:
        """By person: everything that names them."""
        found: dict[str, set[str]] = defaultdict(set)
        for part in self._towards:
            found[self._head(part)].add(part)
        return found

    def _head(self, part: str) -> str:
        while (above := self._towards[part]) != part:
            self._towards[part] = self._towards[above]
            part = self._towards[part]
        return part


def parts_of(platform: str, addresses: Iterable[Address]) -> Iterator[str]:
    for address in addresses:
        if address.phone:
            yield f"{platform} phone {address.phone}"
        if address.user_id:
            yield f"{platform} user {address.user_id}"
