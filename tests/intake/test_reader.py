# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from django.db import OperationalError

from arengo.core import events
from arengo.core.events import Batch
from arengo.core.models import Organization
from arengo.core.scope import current_organization_id
from arengo.core.vault import vault
from arengo.delivery.models import Sender
from arengo.intake import reader
from arengo.intake.models import Journal, LastWebhook
from arengo.platforms.contract import MessageReceived, ReceiptReceived
from tests.factories.delivery import make_sender
from tests.factories.intake import journal
from tests.factories.webhooks import webhook, written

pytestmark = pytest.mark.django_db(transaction=True)


def message(number: int, text: str = "Buongiorno") -> dict[str, Any]:
    return {
        "from": "393330000001",
        "id": f"wamid.{number}",
        "timestamp": "1790000000",
        "type": "text",
        "text": {"body": text},
    }


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Any]]:
    """Only this test listens: ``heard()`` is what it was told, ``heard(fail_on=…)`` makes the listener fail on that text."""
    told: list[Any] = []
    failing: set[str] = set()
    monkeypatch.setattr(events, "_listeners", type(events._listeners)(list))

    def listener(batch: Batch[Any]) -> None:
        for event in batch.events:
            if getattr(event, "text", None) in failing:
                raise RuntimeError("a bug of ours")
        assert current_organization_id() == batch.organization_id
        told.extend(batch.events)

    events.listen(MessageReceived, listener)
    events.listen(ReceiptReceived, listener)

    def ask(fail_on: str = "") -> list[Any]:
        if fail_on:
            failing.add(fail_on)
        else:
            failing.clear()
        return told

    return ask


def states() -> list[int]:
    return list(Journal.objects.order_by("id").values_list("state", flat=True))


def test_every_message_of_every_row_is_told_once_and_in_order(
    sender: Sender, heard: Callable[..., list[Any]]
) -> None:
    journal(sender, written(message(1), message(2)))
    journal(sender, written(message(3)))
    assert reader.read_batch() == 2
    assert [event.message_id for event in heard()] == ["wamid.1", "wamid.2", "wamid.3"]
    assert states() == [1, 1]


def test_a_repeated_webhook_has_no_second_effect(sender: Sender, heard: Callable[..., list[Any]]) -> None:
    journal(sender, written(message(1), message(1)))
    journal(sender, written(message(1)))
    reader.read_batch()
    journal(sender, written(message(1), message(2)))
    reader.read_batch()
    assert [event.message_id for event in heard()] == ["wamid.1", "wamid.2"]


def test_one_row_that_cannot_be_applied_is_marked_and_does_not_hold_the_others(
    sender: Sender, heard: Callable[..., list[Any]]
) -> None:
    heard(fail_on="cade")
    journal(sender, written(message(1)))
    bad = journal(sender, written(message(2, "cade")))
    journal(sender, written(message(3)))
    reader.read_batch()
    assert states() == [1, 2, 1]
    bad.refresh_from_db()
    assert bad.problem.startswith("RuntimeError")
    assert "cade" not in bad.problem

    heard()  # the bug is mended
    reader.replay(bad.pk)
    reader.read_batch()
    assert states() == [1, 1, 1]
    assert [event.message_id for event in heard()] == ["wamid.1", "wamid.3", "wamid.2"]


@pytest.mark.parametrize("body", [b"not json", b"", b"[]", b'{"entry": 3}'])
def test_what_cannot_be_read_is_kept_and_marked(
    sender: Sender, heard: Callable[..., list[Any]], body: bytes
) -> None:
    journal(sender, body)
    journal(sender, written(message(1)))
    reader.read_batch()
    assert states() == [2, 1]
    assert Journal.objects.order_by("id")[0].problem
    assert len(heard()) == 1


def test_a_bad_part_is_marked_and_its_neighbours_are_applied(
    sender: Sender, heard: Callable[..., list[Any]]
) -> None:
    journal(sender, written(message(1), {"id": 7, "type": []}, message(2)))
    reader.read_batch()
    assert [event.message_id for event in heard()] == ["wamid.1", "wamid.2"]
    assert states() == [2]


def test_missing_contacts_and_unknown_fields_and_types_are_no_error(
    sender: Sender, heard: Callable[..., list[Any]]
) -> None:
    odd = message(1) | {"type": "hologram", "hologram": {"x": 1}, "surprise": True}
    journal(sender, written(odd))
    reader.read_batch()
    assert [event.kind for event in heard()] == ["unsupported"]


def test_a_row_sealed_with_a_lost_key_is_marked(sender: Sender, heard: Callable[..., list[Any]]) -> None:
    journal(sender, body_sealed=b"\x01\x04lostxxxxxxxxxxxxxxxxxxxxxxxxxxxx")
    reader.read_batch()
    assert states() == [2]
    assert heard() == []


def test_database_trouble_leaves_the_rows_waiting(
    sender: Sender, heard: Callable[..., list[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    journal(sender, written(message(1)))

    def broken(rows: Any) -> None:
        raise OperationalError("the database went away")

    with monkeypatch.context() as patch:
        patch.setattr(reader, "_apply", broken)
        with pytest.raises(OperationalError):
            reader.read_batch()
    assert states() == [0]
    reader.read_batch()
    assert states() == [1]


def test_two_numbers_of_one_account_share_an_address_and_each_gets_its_own(
    sender: Sender, heard: Callable[..., list[Any]]
) -> None:
    second = make_sender(
        sender.organization,
        "Polizia locale",
        credentials=msgspec.structs.replace(sender.credentials, number_id="100000000000002"),
    )
    told: list[tuple[int, str]] = []
    events.listen(
        MessageReceived, lambda batch: told.extend((batch.sender_id, e.message_id) for e in batch.events)
    )
    journal(sender, written(message(1)))
    journal(sender, written(message(2)).replace(b"100000000000001", b"100000000000002"))
    reader.read_batch()
    assert told == [(sender.pk, "wamid.1"), (second.pk, "wamid.2")]
    assert states() == [1, 1]


def test_a_message_to_a_number_that_nobody_here_has_is_marked_and_given_to_nobody(
    sender: Sender, altrove: Organization, heard: Callable[..., list[Any]]
) -> None:
    make_sender(
        altrove,
        "Altrove",
        credentials=msgspec.structs.replace(sender.credentials, number_id="100000000000009"),
    )
    journal(sender, written(message(1)).replace(b"100000000000001", b"100000000000009"))
    reader.read_batch()
    assert heard() == []
    assert states() == [2]


def test_a_sender_knows_when_it_last_heard_however_its_webhook_was_read(
    sender: Sender, heard: Callable[..., list[Any]]
) -> None:
    first = journal(sender, written(message(1)))
    reader.read_batch()
    assert LastWebhook.objects.get().received_at == first.received_at
    soon = journal(sender, written(message(2)))
    reader.read_batch()
    assert LastWebhook.objects.get().received_at == first.received_at, "every webhook wrote"
    heard(fail_on="rotto")
    later = journal(sender, written(message(3, "rotto")))
    Journal.objects.filter(pk=later.pk).update(received_at=soon.received_at + timedelta(seconds=6))
    reader.read_batch()
    later.refresh_from_db()
    assert LastWebhook.objects.get().received_at == later.received_at


# --- times ----------------------------------------------------------------------------------------------------


def status(word: str, timestamp: Any) -> dict[str, Any]:
    return {"id": "wamid.9", "status": word, "timestamp": timestamp, "recipient_id": "393330000001"}


def around(row: Journal, **ahead: int) -> int:
    return int((row.received_at + timedelta(**ahead)).timestamp())


@pytest.mark.parametrize(
    "said", [253402300799, "253402300799", "9" * 5000, "ieri", None, 0, -1, 1230767999, "١٧٩", 1e15, [], True]
)
def test_a_time_that_cannot_be_true_falls_back_to_the_time_of_receipt_and_says_so(
    sender: Sender, heard: Callable[..., list[Any]], said: Any
) -> None:
    row = journal(
        sender, webhook(messages=[{**message(1), "timestamp": said}], statuses=[status("read", said)])
    )
    assert reader.read_batch() == 1
    row.refresh_from_db()
    written, read = heard()
    assert (written.sent_at, written.time_of_receipt) == (row.received_at, True)
    assert read.at == row.received_at
    assert row.state == Journal.State.APPLIED


def test_a_time_that_can_be_true_is_the_platforms(sender: Sender, heard: Callable[..., list[Any]]) -> None:
    row = journal(sender, b"{}")
    row.refresh_from_db()
    times = [1230768000, around(row, hours=-30), around(row, hours=23)]
    Journal.objects.filter(pk=row.pk).update(
        body_sealed=vault().seal(
            written(*({**message(number), "timestamp": at} for number, at in enumerate(times))),
            purpose="journal",
        )
    )
    reader.read_batch()
    assert [int(event.sent_at.timestamp()) for event in heard()] == times
    assert not any(event.time_of_receipt for event in heard())


def test_a_clock_more_than_a_day_ahead_falls_back(sender: Sender, heard: Callable[..., list[Any]]) -> None:
    row = journal(sender, b"{}")
    row.refresh_from_db()
    Journal.objects.filter(pk=row.pk).update(
        body_sealed=vault().seal(
            written({**message(1), "timestamp": around(row, hours=25)}), purpose="journal"
        )
    )
    reader.read_batch()
    assert [(event.sent_at, event.time_of_receipt) for event in heard()] == [(row.received_at, True)]
