# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A sender knows when something last arrived for it: the road in tells, and this room keeps it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from arengo.core.models import Person
from arengo.delivery.models import LastArrival, Sender
from arengo.intake import silence

pytestmark = pytest.mark.django_db

Browse = Callable[..., Client]
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_the_latest_of_what_came_is_kept_in_whatever_order_it_came(sender: Sender) -> None:
    silence.heard({sender.pk: [NOON + 2 * MINUTE, NOON, NOON + MINUTE]})
    assert LastArrival.objects.get().at == NOON + 2 * MINUTE
    silence.heard({sender.pk: [NOON + MINUTE]})
    assert LastArrival.objects.get().at == NOON + 2 * MINUTE
    silence.heard({sender.pk: [NOON + 3 * MINUTE]})
    assert LastArrival.objects.get().at == NOON + 3 * MINUTE


def test_what_follows_at_once_costs_no_write(sender: Sender) -> None:
    silence.heard({sender.pk: [NOON]})
    with CaptureQueriesContext(connection) as queries:
        silence.heard({sender.pk: [NOON + timedelta(seconds=4)]})
    assert len(queries) == 1


def test_the_senders_page_shows_it(sender: Sender, alice: Person, browse: Browse) -> None:
    silence.heard({sender.pk: [NOON]})
    client = browse(alice)
    assert client.get(reverse("settings:sender", args=[sender.pk])).context["heard_at"] == NOON
    assert [each.heard_at for each in client.get(reverse("settings:senders")).context["senders"]] == [NOON]
