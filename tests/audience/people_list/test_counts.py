# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable

import pytest

from arengo.audience.people_list import counts, jobs
from arengo.audience.people_list.counts import Count
from arengo.core.models import Organization
from arengo.core.scope import organization_scope
from tests.factories.audience import ANNA, BRUNO, CLARA, at, message

Arrive = Callable[..., None]


@pytest.fixture
def three(arrive: Arrive) -> None:
    arrive(message(ANNA, "ISCRIVIMI"), message(BRUNO, "ISCRIVIMI"), message(CLARA, "Buongiorno"))
    arrive(message(BRUNO, "STOP", sent_at=at(1)))


def test_a_short_list_is_counted_when_it_is_asked(three: None) -> None:
    found = counts.counts()
    assert (found.cards, found.subscribed, found.left) == (Count(3), Count(1), Count(1))
    assert found.at is None


def test_a_long_list_is_as_long_as_it_was_counted_last(
    three: None, arrive: Arrive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counts, "MOST", 2)
    assert counts.counts().cards == Count(2, more=True)  # nobody counted yet
    jobs.count_people(0)
    kept = counts.counts()
    assert (kept.cards, kept.subscribed, kept.left) == (Count(3), Count(1), Count(1))
    assert kept.at is not None
    arrive(message(ANNA, "STOP", sent_at=at(2)))
    jobs.count_people(0)
    assert counts.counts().left == Count(2)


def test_each_town_has_its_own_counts(
    three: None, altrove: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs.count_people(0)
    monkeypatch.setattr(counts, "MOST", 0)
    assert counts.counts().cards == Count(3)
    with organization_scope(altrove):
        assert counts.counts().cards == Count(0)
