# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Thousands join at once, and nobody's question waits behind them; each person's words stay in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest

from arengo.audience.defaults import create_defaults
from arengo.audience.models import Consent, Identity, Subscription
from arengo.core import events
from arengo.core.events import Batch
from arengo.core.models import Organization
from arengo.core.scope import organization_scope
from arengo.core.vault import vault
from arengo.delivery.models import Delivery, Sender
from arengo.desk.models import Message
from arengo.intake import lanes, reader
from arengo.intake.models import Journal
from arengo.platforms.contract import MessageReceived
from tests.factories.delivery import make_sender
from tests.factories.intake import journal, read_all
from tests.factories.webhooks import written

pytestmark = pytest.mark.django_db(transaction=True)

_ids = count(1)
_MANY = 150  # more than a batch applies at once


def said(person: int, text: str = "ISCRIVIMI", after: int = 0) -> dict[str, Any]:
    return {
        "from": f"39333{person:07}",
        "id": f"wamid.{next(_ids)}",
        "timestamp": str(1790000000 + after),
        "type": "text",
        "text": {"body": text},
    }


def arrives(sender: Sender, *messages: dict[str, Any]) -> Journal:
    return journal(sender, written(*messages))


@pytest.fixture
def town(esempio: Organization, sender: Sender) -> Iterator[Organization]:
    create_defaults(esempio)
    with organization_scope(esempio):
        yield esempio


@pytest.fixture(autouse=True)
def slices(monkeypatch: pytest.MonkeyPatch) -> lanes.Slices:
    """Nothing remembered of other tests."""
    fresh = lanes.Slices()
    monkeypatch.setattr(lanes, "slices", fresh)
    return fresh


@pytest.fixture
def small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "_MOST", 40)
    monkeypatch.setattr(lanes, "slices", lanes.Slices())


def states() -> set[int]:
    return set(Journal.objects.values_list("state", flat=True))


@pytest.mark.parametrize("together", [False, True])
def test_a_question_behind_a_burst_of_joins_is_on_the_desk_before_them(
    town: Organization, sender: Sender, small_slices: None, together: bool
) -> None:
    joins = [said(number) for number in range(_MANY)]
    question = said(9_000_000, "A che ora apre l'anagrafe?")
    for messages in [[*joins, question]] if together else [[each] for each in [*joins, question]]:
        arrives(sender, *messages)
    reader.read_batch()
    assert Message.objects.filter(text__startswith="A che ora").count() == 1
    assert Subscription.objects.count() < _MANY, "everything was applied at once"
    read_all()
    assert Subscription.objects.filter(active=True).count() == _MANY
    assert states() == {Journal.State.APPLIED}


def test_a_join_in_another_town_does_not_wait_behind_those_of_the_first(
    town: Organization, sender: Sender, altrove: Organization, small_slices: None
) -> None:
    create_defaults(altrove)
    other = make_sender(altrove, "Altrove", credentials=sender.credentials)
    for number in range(_MANY):
        arrives(sender, said(number))
    arrives(other, said(1))
    reader.read_batch()
    with organization_scope(altrove):
        assert Subscription.objects.count() == 1
    assert Subscription.objects.count() < _MANY


def test_who_leaves_does_not_wait_behind_those_who_join(
    town: Organization, sender: Sender, small_slices: None
) -> None:
    arrives(sender, said(9_000_000))
    read_all()
    for number in range(_MANY):
        arrives(sender, said(number))
    arrives(sender, said(9_000_000, "CANCELLAMI", 5))
    reader.read_batch()
    assert Subscription.objects.filter(active=False).count() == 1
    assert Subscription.objects.count() < _MANY


@pytest.mark.parametrize("then", ["CANCELLAMI", "Come faccio per la carta d'identità?"])
def test_what_somebody_says_next_takes_their_own_join_along(
    town: Organization, sender: Sender, small_slices: None, then: str
) -> None:
    arrives(sender, *(said(number) for number in range(_MANY)))
    last = said(_MANY - 1, then, 5)
    reader._read_first(reader.BATCH)  # the joins wait behind
    assert states() == {Journal.State.BEHIND}
    arrives(sender, last)
    reader._read_first(reader.BATCH)
    person = Identity.objects.get()
    messages = Message.objects.filter(direction="in").order_by("pk")
    assert [message.text for message in messages] == ["ISCRIVIMI", then]
    assert person.subscription.active is (then != "CANCELLAMI")
    assert list(Consent.objects.order_by("pk").values_list("effective", flat=True)) == [True] * (
        2 if then == "CANCELLAMI" else 1
    )
    read_all()
    assert Subscription.objects.count() == _MANY
    assert Message.objects.filter(direction="in").count() == _MANY + 1


def test_a_change_of_number_behind_a_waiting_join_keeps_the_person_one(
    town: Organization, sender: Sender, small_slices: None
) -> None:
    arrives(sender, *(said(number) for number in range(_MANY)))
    reader._read_first(reader.BATCH)
    change = {
        **said(0, after=5),
        "type": "system",
        "system": {"type": "user_changed_number", "wa_id": "393339999999", "body": "changed"},
    }
    del change["text"]
    arrives(sender, change)
    read_all()
    assert Subscription.objects.count() == Identity.objects.count() == _MANY


def test_the_words_of_one_person_who_joins_and_leaves_all_the_time_stay_in_order(
    town: Organization, sender: Sender, small_slices: None
) -> None:
    for turn in range(_MANY):
        arrives(sender, said(1, "CANCELLAMI" if turn % 2 else "ISCRIVIMI", turn))
    read_all()
    actions = list(Consent.objects.order_by("pk").values_list("action", "effective"))
    assert actions == [("given", True), ("withdrawn", True)] * (_MANY // 2)
    assert not Subscription.objects.get().active


@pytest.mark.parametrize("together", [False, True])
def test_a_slice_that_fails_halfway_leaves_nothing_out_and_nothing_twice(
    town: Organization,
    sender: Sender,
    small_slices: None,
    monkeypatch: pytest.MonkeyPatch,
    together: bool,
) -> None:
    joins = [said(number) for number in range(_MANY)]
    for messages in [joins] if together else [[each] for each in joins]:
        arrives(sender, *messages)
    times = count()
    whole: Callable[..., None] = reader._finish

    def failing(rows: Any) -> None:
        whole(rows)
        if next(times) in {1, 2, 4}:
            raise RuntimeError("a bug of ours")

    monkeypatch.setattr(reader, "_finish", failing)
    read_all()
    assert states() <= {Journal.State.APPLIED, Journal.State.MARKED}
    for row in Journal.objects.filter(state=Journal.State.MARKED):
        reader.replay(row.pk)
    read_all()
    assert states() == {Journal.State.APPLIED}
    assert Subscription.objects.filter(active=True).count() == _MANY
    assert (
        Consent.objects.count(),
        Delivery.objects.count(),
        Message.objects.filter(direction="in").count(),
    ) == (_MANY, _MANY, _MANY)


def test_one_bad_join_in_a_lane_is_marked_alone(
    town: Organization, sender: Sender, small_slices: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from arengo.audience import arrivals

    def receive(batch: Batch[MessageReceived]) -> None:
        if any("guasto" in event.text for event in batch.events):
            raise RuntimeError("a bug of ours")
        arrivals.receive(batch)

    wired = events._listeners[MessageReceived]
    broken = [receive if listener is arrivals.receive else listener for listener in wired]
    assert receive in broken
    monkeypatch.setitem(events._listeners, MessageReceived, broken)
    monkeypatch.setattr(lanes, "_lanes", lambda _o, arrived: {a.event.message_id: "join" for a in arrived})
    rows = [
        arrives(sender, said(number, "guasto" if number == 77 else "ISCRIVIMI")) for number in range(_MANY)
    ]
    read_all()
    assert Subscription.objects.count() == _MANY - 1
    marked = Journal.objects.get(state=Journal.State.MARKED)
    assert marked.pk == rows[77].pk
    assert states() == {Journal.State.APPLIED, Journal.State.MARKED}


def test_one_bad_join_late_in_a_long_webhook_of_many_slices_holds_up_none_of_those_behind_it(
    town: Organization, sender: Sender, small_slices: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    well = list(events._listeners[MessageReceived])

    def listener(batch: Any) -> None:
        if any((event.address.phone or "").endswith("3330000131") for event in batch.events):
            raise RuntimeError("a bug of ours")
        for listen in well:
            listen(batch)

    monkeypatch.setitem(events._listeners, MessageReceived, [listener])
    row = arrives(sender, *(said(number) for number in range(_MANY)))
    arrives(sender, said(_MANY))
    for _turn in range(100):
        if not reader.read_batch():
            break
    assert Subscription.objects.count() == _MANY
    assert Journal.objects.get(state=Journal.State.MARKED).pk == row.pk
    assert states() == {Journal.State.APPLIED, Journal.State.MARKED}
    monkeypatch.setitem(events._listeners, MessageReceived, well)
    reader.replay(row.pk)
    read_all()
    assert Subscription.objects.count() == Consent.objects.count() == _MANY + 1
    assert states() == {Journal.State.APPLIED}


@pytest.mark.parametrize("shown", [("from", "from_user_id"), ("from_user_id", "from")])
def test_what_waits_of_somebody_is_theirs_by_number_and_by_user_id(
    town: Organization, sender: Sender, small_slices: None, shown: tuple[str, str]
) -> None:
    def theirs(*parts: str, **more: Any) -> dict[str, Any]:
        both = {**said(9_000_000, **more), "from_user_id": "IT.WaitsByOne"}
        return {name: value for name, value in both.items() if name in parts or not name.startswith("from")}

    joins, later = shown
    arrives(sender, theirs("from", "from_user_id", text="Buongiorno"))
    read_all()
    arrives(sender, *(said(number) for number in range(_MANY)))
    arrives(sender, theirs(joins, after=5))
    reader._read_first(reader.BATCH)
    assert Journal.State.BEHIND in states()
    arrives(sender, theirs(later, text="A che ora aprite?", after=9))
    reader._read_first(reader.BATCH)
    person = Identity.objects.get(user_id_hash__isnull=False)
    assert [
        message.text
        for message in Message.objects.filter(conversation__identity=person).order_by("pk")
        if message.direction == "in"
    ] == ["Buongiorno", "ISCRIVIMI", "A che ora aprite?"]
    assert person.subscription.active
    read_all()
    assert Subscription.objects.count() == _MANY + 1 == Identity.objects.count()


def test_a_new_user_id_and_number_behind_a_join_that_waits_by_the_old_number_keep_the_person_one(
    town: Organization, sender: Sender, small_slices: None
) -> None:
    arrives(sender, {**said(9_000_000, "Buongiorno"), "from_user_id": "IT.Before"})
    read_all()
    arrives(sender, *(said(number) for number in range(_MANY)))
    arrives(sender, said(9_000_000, after=5))
    reader._read_first(reader.BATCH)
    change = {
        "id": "wamid.changed",
        "timestamp": "1790000009",
        "type": "system",
        "system": {"type": "user_changed_user_id", "previous_user_id": "IT.Before", "user_id": "IT.After"},
    }
    arrives(sender, change)
    arrives(sender, {**said(9_000_001, "CANCELLAMI", 12), "from_user_id": "IT.After"})
    read_all()
    assert Identity.objects.count() == _MANY + 1
    assert Subscription.objects.filter(active=True).count() == _MANY
    assert Subscription.objects.get(active=False).identity.address.user_id == "IT.After"


def test_a_body_that_waits_behind_is_read_once_and_again_when_it_was_sealed_anew(
    town: Organization, sender: Sender, small_slices: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[bytes] = []
    real = vault().open

    def opening(sealed: bytes, *, purpose: str = "") -> bytes:
        if purpose == "journal":
            opened.append(bytes(sealed))
        return real(sealed, purpose=purpose)

    monkeypatch.setattr(vault(), "open", opening)
    rows = [arrives(sender, said(number)) for number in range(_MANY)]
    reader._read_first(_MANY)
    assert len(opened) == _MANY
    assert states() == {Journal.State.BEHIND}
    empty = vault().seal(written(said(0, "A che ora apre?")), purpose="journal")
    Journal.objects.filter(pk=rows[0].pk).update(body_sealed=empty)
    read_all()
    assert opened[_MANY:] == [empty]
    assert Subscription.objects.filter(active=True).count() == _MANY - 1
