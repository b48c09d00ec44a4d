# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who listens to which event. The one place that knows both sides."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from arengo.core.events import Batch, listen

# event type → listeners, in the order in which they hear it
WIRING: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "arengo.platforms.contract:MessageReceived",
        (
            "arengo.delivery.inbound:heard",
            "arengo.intake.responders:heard",
            "arengo.audience.arrivals:receive",
        ),
    ),
    (
        "arengo.platforms.contract:HandedOver",
        ("arengo.intake.responders:handed_over", "arengo.audience.arrivals:handed_over"),
    ),
    ("arengo.platforms.contract:PreferenceChanged", ("arengo.audience.arrivals:preference_changed",)),
    ("arengo.platforms.contract:IdentityChanged", ("arengo.audience.arrivals:identity_changed",)),
    ("arengo.intake.events:SenderHeard", ("arengo.delivery.inbound:arrived",)),
    ("arengo.intake.events:MayWait", ("arengo.audience.arrivals:may_wait",)),
    ("arengo.intake.events:AddressesOfPeople", ("arengo.audience.arrivals:addresses_of_people",)),
    ("arengo.platforms.contract:ReceiptReceived", ("arengo.delivery.receipts:apply",)),
    ("arengo.platforms.contract:TemplateChanged", ("arengo.delivery.templates:changed",)),
    ("arengo.platforms.contract:SenderNotice", ("arengo.delivery.notices:noticed",)),
    ("arengo.audience.events:CitizenWrote", ("arengo.desk.arrivals:citizen_wrote",)),
    ("arengo.audience.events:ReplyWanted", ("arengo.desk.answering:reply_wanted",)),
    ("arengo.audience.events:ConversationMoved", ("arengo.desk.routing:moved",)),
    ("arengo.audience.events:NewsStopped", ("arengo.delivery.sparing:news_stopped",)),
    ("arengo.audience.events:SubscriptionEnded", ("arengo.delivery.sparing:subscription_ended",)),
    (
        "arengo.audience.events:AddressErased",
        ("arengo.delivery.sparing:address_erased", "arengo.intake.scrubbing:address_erased"),
    ),
    ("arengo.audience.events:IdentitiesMerged", ("arengo.desk.privacy:identities_merged",)),
    ("arengo.audience.events:ContactErased", ("arengo.desk.privacy:contact_erased",)),
    ("arengo.audience.events:DataWanted", ("arengo.desk.privacy:data_wanted",)),
    ("arengo.delivery.events:SenderMended", ("arengo.desk.transfers:sender_mended",)),
    ("arengo.delivery.events:OptedOut", ("arengo.audience.arrivals:opted_out",)),
)


def named(path: str) -> Any:
    """``package.module:name`` → the thing itself."""
    module, _, name = path.partition(":")
    return getattr(import_module(module), name)


def _listener(path: str) -> Callable[[Batch[Any]], None]:
    """Imported at its first event: setting Django up stays quick and knows no circles."""

    def hear(batch: Batch[Any]) -> None:
        named(path)(batch)

    hear.__qualname__ = path
    return hear


def connect() -> None:
    """Called once, when Django is set up."""
    for event, listeners in WIRING:
        for listener in listeners:
            listen(named(event), _listener(listener))
