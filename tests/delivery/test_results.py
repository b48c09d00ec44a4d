# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Results of sends reach the database, also those that it does not take as they are."""

from __future__ import annotations

import pytest
from asgiref.sync import async_to_sync
from django.utils import timezone

from arengo.core.models import Organization
from arengo.delivery import outbox
from arengo.delivery.models import Delivery, DeliveryState, Outbox, Sender
from arengo.delivery.moves import Move, reason_of
from arengo.delivery.results import Results
from arengo.platforms.contract import Address, Text

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("message_id", ["wamid.\0", "w" * 301])
def test_an_impossible_message_id_holds_up_nobody_and_is_an_acceptance_all_the_same(
    scope: Organization, sender: Sender, message_id: str
) -> None:
    rows = [outbox.enqueue(sender, Address(phone=f"+39333000000{n}"), Text("Buongiorno")) for n in range(3)]
    results = Results(sender.pk, scope.pk, epoch=1)
    for row, name in zip(rows, ["wamid.1", message_id, "wamid.3"], strict=True):
        results.add(Move(row.pk, state=DeliveryState.ACCEPTED, message_id=name, accepted_at=timezone.now()))

    async def write() -> None:
        await results.write()
        await results.close()

    async_to_sync(write)()
    assert list(Delivery.objects.order_by("pk").values_list("state", "message_id")) == [
        (DeliveryState.ACCEPTED, "wamid.1"),
        (DeliveryState.ACCEPTED, ""),
        (DeliveryState.ACCEPTED, "wamid.3"),
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
