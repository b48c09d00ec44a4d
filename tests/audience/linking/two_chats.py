# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Anna with two numbers: linked as the verb does, or by herself in her two chats."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from arengo.audience.linking.models import Link
from arengo.audience.models import Identity
from arengo.core.models import Organization
from arengo.delivery.models import Sender
from tests.audience.hearing import Heard
from tests.factories.audience import ANNA, BRUNO, at, citizen, consented, message
from tests.factories.linking import code_in, linked


@pytest.fixture
def anna(town: Organization) -> Identity:
    return citizen("Anna Esempio", phone="+393330000001")


@pytest.fixture
def work(town: Organization) -> Identity:
    """Her other number."""
    return citizen("Anna al lavoro", phone="+393330000002")


@pytest.fixture
def link(anna: Identity, work: Identity, sender: Sender) -> Link:
    """She is reached at the first."""
    consented(anna, sender)
    consented(work, sender)
    return linked(anna, work, sender)


@pytest.fixture
def link_up(arrive: Callable[..., None], heard: Heard) -> Callable[[], Link]:
    """Anna writes «collega» in one chat and the code in the other."""

    def through_the_chat() -> Link:
        arrive(message(ANNA, "collega", sent_at=at(1)))
        arrive(message(BRUNO, code_in(heard.replies[-1].text), sent_at=at(2)))
        found: Link = Link.objects.get()
        return found

    return through_the_chat
