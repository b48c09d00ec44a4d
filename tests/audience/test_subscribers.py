# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from arengo.audience import arrivals, recipients
from arengo.audience.models import Identity, Topic
from arengo.audience.recipients import Purpose, Recipients
from arengo.core.events import Batch
from arengo.core.models import Organization
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from arengo.platforms.contract import PreferenceChanged
from tests.factories.audience import ANNA, BRUNO, CLARA, NOON, at, message
from tests.factories.delivery import make_sender

Arrive = Callable[..., None]


def test_who_is_on_the_list_is_given_with_their_address(arrive: Arrive, sender: Sender) -> None:
    arrive(
        message(ANNA, "ISCRIVIMI"),
        message(BRUNO, "Buongiorno"),
        message(CLARA, "ISCRIVIMI"),
        message(BRUNO, "ISCRIVIMI"),
        message(BRUNO, "CANCELLAMI", sent_at=at(1)),
    )
    assert list(Recipients(sender.pk).addresses()) == [ANNA, CLARA]
    assert list(Recipients().addresses()) == [ANNA, CLARA]
    assert Recipients(sender.pk).count() == Recipients().count() == 2


def test_a_list_belongs_to_its_sender(arrive: Arrive, sender: Sender, town: Organization) -> None:
    other = make_sender(town, "Biblioteca")
    arrive(message(ANNA, "ISCRIVIMI"))
    assert list(Recipients(other.pk).addresses()) == []
    assert Recipients(other.pk).count() == 0


def test_topics_choose_who_wants_one_of_them_or_everything(arrive: Arrive, sender: Sender) -> None:
    arrive(
        message(ANNA, "ISCRIVIMI"),
        message(BRUNO, "Iscrivimi eventi e viabilità"),
        message(CLARA, "Iscrivimi strade"),
    )
    events, roads = Topic.objects.get(name="Eventi"), Topic.objects.get(name="Viabilità")
    assert list(Recipients(sender.pk, topics=(events.pk,)).addresses()) == [ANNA, BRUNO]
    assert Recipients(sender.pk, topics=(roads.pk,)).count() == 3
    assert Recipients(sender.pk, topics=(events.pk, roads.pk)).count() == 3


def test_who_stopped_marketing_gets_none_even_if_they_joined_again(
    arrive: Arrive, sender: Sender, town: Organization
) -> None:
    stop = PreferenceChanged(ANNA, wants_marketing=False, at=NOON)
    arrive(message(ANNA, "Buongiorno"))
    arrivals.preference_changed(Batch(town.pk, sender.pk, [stop], "whatsapp"))
    arrive(message(ANNA, "ISCRIVIMI", sent_at=at(5)))
    assert list(Recipients(sender.pk, Purpose.ALERT).addresses()) == [ANNA]
    assert list(Recipients(sender.pk).addresses()) == []
    assert Recipients(sender.pk).count() == 0


def test_a_long_list_is_read_page_by_page(
    arrive: Arrive, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrive(message(ANNA, "ISCRIVIMI"), message(BRUNO, "ISCRIVIMI"), message(CLARA, "ISCRIVIMI"))
    monkeypatch.setattr(recipients, "_PAGE", 2)
    with CaptureQueriesContext(connection) as queries:
        found = list(Recipients(sender.pk).addresses())
    assert found == [ANNA, BRUNO, CLARA]
    assert len(queries) == 2


def test_another_town_has_its_own_list(arrive: Arrive, sender: Sender, altrove: Organization) -> None:
    arrive(message(ANNA, "ISCRIVIMI"))
    with organization_scope(altrove):
        assert Recipients().count() == 0
        assert list(Recipients(sender.pk).addresses()) == []
        assert Identity.objects.count() == 0
