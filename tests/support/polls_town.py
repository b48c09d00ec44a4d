# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A town with a list of forty people and an open poll: fixtures, which the conftest of the newsroom imports."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings

from arengo.core.models import Organization, Person
from arengo.delivery.models import Sender
from arengo.newsroom.votes.models import Poll
from tests.factories import intake, webhooks
from tests.factories.audience import subscribe
from tests.factories.polls import approve_polls, ballot, phone_of, press, sent_poll


@pytest.fixture(autouse=True)
def keys_folder(settings: LazySettings, tmp_path: Path) -> Path:
    settings.POLL_KEYS = tmp_path / "keys"
    return tmp_path / "keys"


@pytest.fixture
def voting(town: Organization, sender: Sender) -> Organization:
    """Forty subscribers, templates of polls approved."""
    subscribe(town, sender, 37, first=4)
    approve_polls(town, sender)
    return town


@pytest.fixture
def poll(voting: Organization, edo: Person) -> Poll:
    return sent_poll(voting, edo)


@pytest.fixture
def votes(poll: Poll, sender: Sender) -> Callable[..., None]:
    """``votes(1, 2, 2)``: the first subscriber votes 1, the others 2. ``first``: from which subscriber on."""

    def cast(*numbers: int, first: int = 1) -> None:
        presses = (
            press(phone_of(place), ballot(poll, number)) for place, number in enumerate(numbers, start=first)
        )
        intake.arrive(sender, *(webhooks.written(each) for each in presses))

    return cast
