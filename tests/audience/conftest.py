# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A town whose list is open, messages that arrive there, and what the rooms above are told of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from arengo.audience import arrivals
from arengo.audience.defaults import create_defaults
from arengo.audience.events import CitizenWrote, ReplyWanted
from arengo.audience.models import Identity
from arengo.core import events
from arengo.core.events import Batch
from arengo.core.models import Organization
from arengo.delivery.models import Sender
from arengo.platforms.contract import MessageReceived
from tests.audience.hearing import Heard
from tests.factories.renewals import approve, listed
from tests.support.settings_town import invited, marked, places, price, rita, settings_town

__all__ = ["invited", "marked", "places", "price", "rita", "settings_town"]


@pytest.fixture
def town(scope: Organization, sender: Sender) -> Organization:
    """Comune di Esempio with its default words, policies and topics; the test runs inside its scope."""
    create_defaults(scope)
    return scope


@pytest.fixture
def people(town: Organization, sender: Sender) -> list[Identity]:
    """Five on the list since last year; the platform has the templates that ask them to accept a new version."""
    approve(sender)
    return listed(sender, 5)


@pytest.fixture
def arrive(town: Organization, sender: Sender) -> Callable[..., None]:
    """``arrive(message(...), message(...))``: one batch."""

    def receive(*messages: MessageReceived) -> None:
        arrivals.receive(Batch(town.pk, sender.pk, list(messages), "whatsapp"))

    return receive


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
