# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the audience's tests share: a town whose list is open, and messages as they arrive."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from arengo.audience import arrivals
from arengo.audience.defaults import create_defaults
from arengo.audience.events import CitizenWrote, ReplyWanted
from arengo.audience.models import Identity, phone_hash, user_hash
from arengo.core import events
from arengo.core.events import Batch
from arengo.core.models import Organization
from arengo.delivery.models import Sender
from arengo.platforms.contract import Address, MessageReceived
from tests.settings_town import invited, marked, places, price, rita, settings_town

__all__ = ["invited", "marked", "places", "price", "rita", "settings_town"]

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ANNA = Address(phone="+393330000001")
BRUNO = Address(phone="+393330000002")
CLARA = Address(user_id="IT.CLARA0001")  # shows no number

_numbers = count(1)


def message(address: Address = ANNA, text: str = "Buongiorno", **fields: Any) -> MessageReceived:
    return MessageReceived(
        **{
            "message_id": f"wamid.{next(_numbers)}",
            "sent_at": NOON,
            "address": address,
            "kind": "text",
            "text": text,
            **fields,
        }
    )


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


@pytest.fixture
def town(scope: Organization, sender: Sender) -> Organization:
    """Comune di Esempio with its default words, policies and topics; the test runs inside its scope."""
    create_defaults(scope)
    return scope


@pytest.fixture
def arrive(town: Organization, sender: Sender) -> Callable[..., None]:
    """``arrive(message(...), message(...))``: one batch."""

    def receive(*messages: MessageReceived) -> None:
        arrivals.receive(Batch(town.pk, sender.pk, list(messages), "whatsapp"))

    return receive


class Heard:
    """What the rooms above were told."""

    def __init__(self) -> None:
        self.written: list[CitizenWrote] = []
        self.replies: list[ReplyWanted] = []


@pytest.fixture
def heard() -> Iterator[Heard]:
    heard = Heard()
    writing: Callable[[Batch[CitizenWrote]], None] = lambda batch: heard.written.extend(batch.events)  # noqa: E731  # the listeners are compared when taken away
    replying: Callable[[Batch[ReplyWanted]], None] = lambda batch: heard.replies.extend(batch.events)  # noqa: E731
    events.listen(CitizenWrote, writing)
    events.listen(ReplyWanted, replying)
    yield heard
    events._listeners[CitizenWrote].remove(writing)
    events._listeners[ReplyWanted].remove(replying)


def known(address: Address) -> Identity:
    found: Identity
    if address.phone:
        found = Identity.objects.get(phone_hash=phone_hash("whatsapp", address.phone))
    else:
        found = Identity.objects.get(user_id_hash=user_hash("whatsapp", address.user_id or ""))
    return found
