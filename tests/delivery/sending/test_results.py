# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Results of sends reach the database, also those that it does not take as they are."""

from __future__ import annotations

import pytest
from asgiref.sync import async_to_sync
from django.utils import timezone

from arengo.core.models import Organization
from arengo.delivery.models import Delivery, DeliveryState, Outbox, Sender
from arengo.delivery.queue import outbox
from arengo.delivery.sending.moves import Move, reason_of
from arengo.delivery.sending.results import Results
from arengo.platforms.contract import Address, Text

pytestmark = pytest.mark.django_db(transaction=True)


def three(sender: Sender) -> list[Delivery]:
    return [outbox.enqueue(sender, Address(phone=f"+39333000000{n}"), Text("Buongiorno")) for n in range(3)]


def write(sender: Sender, moves: list[Move]) -> None:
    results = Results(sender.pk, sender.organization_id, epoch=1)
    for move in moves:
        results.add(move)

    async def all_of_it() -> None:
        await results.write()
        await results.close()

    async_to_sync(all_of_it)()


def accepted(delivery: Delivery, message_id: str) -> Move:
    move = Move(delivery.pk, state=DeliveryState.ACCEPTED, accepted_at=timezone.now())
    move.identify(message_id, keep=True)
    return move


@pytest.mark.parametrize("message_id", ["wamid.\0", "w" * 10_000])
def test_a_strange_message_id_holds_up_nobody_and_is_kept_like_others(
    scope: Organization, sender: Sender, message_id: str
) -> None:
    rows = three(sender)
    names = ["wamid.1", message_id, "wamid.3"]
    write(sender, [accepted(row, name) for row, name in zip(rows, names, strict=True)])
    found = Delivery.objects.order_by("pk")
    assert [(each.state, each.message_id) for each in found] == [(DeliveryState.ACCEPTED, n) for n in names]
    assert not Outbox.objects.exists()


def test_what_the_database_does_not_take_holds_up_nobody(scope: Organization, sender: Sender) -> None:
    first, second, third = three(sender)
    refused = Move(second.pk, failed_at=timezone.now(), code=2**40, reason="No")  # no code of 32 bits
    write(sender, [accepted(first, "wamid.1"), refused, accepted(third, "wamid.3")])
    assert list(Delivery.objects.order_by("pk").values_list("state", "code", "reason")) == [
        (DeliveryState.ACCEPTED, 0, ""),
        (DeliveryState.FAILED, 0, ""),
        (DeliveryState.ACCEPTED, 0, ""),
    ]
    assert not Outbox.objects.exists()


@pytest.mark.parametrize(
    ("title", "details", "kept"),
    [
        ("Message undeliverable", "", "Message undeliverable"),
        ("(#131030) Recipient 393330000001", "not in the list", "(#131030) Recipient …: not in the list"),
        ("", "Not +39 333 000-0001 today", "Not … today"),
        ("About wamid.HBgMMzkzMzMwMDAwMDAx=", "", "About …"),
    ],
)
def test_the_platforms_words_name_nobody(title: str, details: str, kept: str) -> None:
    assert reason_of(title, details) == kept
