# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk's pages, and what was put on the road to citizens from there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from procrastinate.contrib.django.models import ProcrastinateJob

from arengo.audience.models import Identity
from arengo.core.vault import vault
from arengo.delivery.models import Delivery, Fanout
from arengo.desk.models import Conversation, Message
from arengo.platforms.contract import Outgoing
from tests.factories.delivery import accepted_as

DESK = "/console/sportello/"
Writes = Callable[..., None]


def page_of(conversation: Conversation) -> str:
    return f"{DESK}{conversation.pk}/"


def named(fanout: Fanout, anna: Identity) -> None:
    hashed = vault().lookup_on(*anna.address.key(anna.platform))
    accepted_as(Delivery.objects.filter(fanout=fanout, address_hash=hashed), "wamid.fair")


def sent(message: Message | None = None) -> Outgoing:
    """What goes to the platform: of this message, else of the only one in the outbox."""
    delivery = message.delivery if message else Delivery.objects.get()
    assert delivery is not None
    sealed = vault().open(delivery.outgoing_sealed, purpose="outgoing")
    found: Outgoing = msgspec.json.decode(sealed, type=Outgoing)
    return found


def jobs(name: str) -> list[dict[str, Any]]:
    return [job.args for job in ProcrastinateJob.objects.filter(task_name=name).order_by("id")]
