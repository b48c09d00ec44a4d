# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Many events together, and one person's in the order of arrival."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, strategies as st

from arengo.intake.ordering import ORDER, Arrived, rounds
from arengo.platforms.contract import (
    Address,
    IdentityChanged,
    MessageReceived,
    PreferenceChanged,
    ReceiptReceived,
    ReceiptStatus,
    Remedy,
)

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)


def number(n: int) -> Address:
    return Address(phone=f"+3933300{n:05}")


def wrote(who: Address, name: str = "") -> MessageReceived:
    return MessageReceived(message_id=name, sent_at=AT, address=who, kind="text")


def moved(before: Address, after: Address) -> IdentityChanged:
    return IdentityChanged(previous=before, current=after, at=AT)


def heard(events: Sequence[Any], known: Sequence[Address] = ()) -> list[list[Any]]:
    """Each round as the listeners hear it."""
    arrived = [Arrived(1, "whatsapp", event) for event in events]
    return [
        [one.event for event_type in ORDER for one in together if type(one.event) is event_type]
        for together in rounds(arrived, lambda platform, addresses: known)
    ]


def test_a_burst_with_changes_of_others_in_it_is_one_round() -> None:
    events: list[Any] = []
    for n in range(2000):
        events.append(wrote(number(n)))
        if n % 20 == 0:
            events.append(moved(number(10_000 + n), number(20_000 + n)))
    assert len(heard(events)) == 1


def test_of_many_only_who_wrote_and_then_moved_waits_for_a_second_round() -> None:
    burst = [wrote(number(n)) for n in range(500)]
    first, second = heard([*burst, moved(number(7), number(9000)), *burst[8:], wrote(number(9000))])
    assert len(first) == 500 + 492
    assert second == [moved(number(7), number(9000)), wrote(number(9000))]


def test_addresses_that_are_known_to_be_one_persons_keep_their_order() -> None:
    events = [wrote(number(1)), moved(Address(user_id="IT.1"), Address(user_id="IT.2"))]
    assert len(heard(events)) == 1
    assert heard(events, [Address(number(1).phone, "IT.1")]) == [[events[0]], [events[1]]]


def test_a_refusal_for_silence_stays_before_what_was_said_after_it() -> None:
    refused = ReceiptReceived("wamid.1", ReceiptStatus.FAILED, AT, remedy=Remedy.OPTED_OUT, address=number(1))
    delivered = ReceiptReceived("wamid.2", ReceiptStatus.DELIVERED, AT, address=number(1))
    assert heard([refused, delivered, wrote(number(1))]) == [[refused, delivered], [wrote(number(1))]]
    assert len(heard([delivered, wrote(number(1))])) == 1


_WHO = st.integers(0, 3).map(number)
_EVENTS = st.lists(
    st.one_of(
        st.builds(lambda who, name: wrote(who, str(name)), _WHO, st.integers()),
        st.builds(moved, _WHO, _WHO),
        st.builds(lambda who: PreferenceChanged(who, False, AT), _WHO),
    ),
    max_size=15,
)


@given(_EVENTS)
def test_nothing_is_lost_and_nobodys_events_are_turned_round(events: list[Any]) -> None:
    told = [event for together in heard(events) for event in together]
    assert sorted(map(repr, told)) == sorted(map(repr, events))
    for who in map(number, range(4)):
        about = [event for event in events if _is_about(event, who)]
        assert [event for event in told if _is_about(event, who)] == about


def _is_about(event: Any, who: Address) -> bool:
    if isinstance(event, IdentityChanged):
        return who in (event.previous, event.current)
    return bool(event.address == who)


def test_rounds_are_few_however_often_somebody_alternates() -> None:
    by_round: dict[int, int] = defaultdict(int)
    events: list[Any] = []
    for n in range(30):
        events += [
            wrote(number(n), f"a{n}"),
            moved(number(n), number(100 + n)),
            wrote(number(100 + n), f"b{n}"),
        ]
    for position, together in enumerate(heard(events)):
        by_round[position] = len(together)
    assert by_round == {0: 30, 1: 60}
