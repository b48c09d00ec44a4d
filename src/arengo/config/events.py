# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who listens to which event. The one place that knows both sides."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from arengo.core.events import listen

# event type → listeners, in the order in which they hear it
WIRING: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("arengo.platforms.contract:MessageReceived", ("arengo.audience.arrivals:receive",)),
    ("arengo.platforms.contract:PreferenceChanged", ("arengo.audience.arrivals:preference_changed",)),
    ("arengo.platforms.contract:IdentityChanged", ("arengo.audience.arrivals:identity_changed",)),
    ("arengo.platforms.contract:ReceiptReceived", ("arengo.delivery.receipts:apply",)),
    ("arengo.platforms.contract:TemplateChanged", ("arengo.delivery.templates:changed",)),
    ("arengo.platforms.contract:SenderNotice", ("arengo.delivery.senders:noticed",)),
    ("arengo.audience.events:CitizenWrote", ("arengo.desk.arrivals:citizen_wrote",)),
    ("arengo.audience.events:ReplyWanted", ("arengo.desk.arrivals:reply_wanted",)),
    ("arengo.delivery.events:OptedOut", ("arengo.audience.arrivals:opted_out",)),
)


def _named(path: str) -> object:
    module, _, name = path.partition(":")
    return getattr(import_module(module), name)


def connect() -> None:
    for event, listeners in WIRING:
        for listener in listeners:
            if find_spec(listener.partition(":")[0]) and find_spec(event.partition(":")[0]):
                listen(_named(event), _named(listener))  # type: ignore[arg-type]  # checked by tests/config
