# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An update that waits for a person to put it on the WhatsApp channel."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from arengo.channel.models import Channel
from arengo.core.models import Membership, Organization, Person, Role
from arengo.newsroom import publishing
from arengo.newsroom.models import Update
from arengo.newsroom.outlets.byhand.models import Task
from tests.newsroom.conftest import publish

CHANNEL = "https://whatsapp.com/channel/0029Esempio"
POST = f"{CHANNEL}/118"


@pytest.fixture
def whatsapp(town: Organization) -> Channel:
    """The town has a channel on WhatsApp."""
    channel: Channel = Channel.objects.create(title=town.name, whatsapp_url=CHANNEL)
    return channel


@pytest.fixture
def hand(
    whatsapp: Channel, town: Organization, write: Callable[..., Update], edo: Person
) -> Callable[..., Task]:
    """``hand(title="…")``: one in the queue."""

    def queued(**changes: object) -> Task:
        update = publish(town, write(**{"photo": True, "outlets": ("byhand",), **changes}), edo)
        publishing.carry_out(town.pk, update.pk)
        task: Task = Task.objects.select_related("placement__update").latest("pk")
        return task

    return queued


@pytest.fixture
def ada(esempio: Organization) -> Person:
    """Approves updates."""
    ada: Person = Person.objects.create_user("ada@comune.example.it", "sample-password", name="Ada Esempio")
    Membership.objects.create(organization=esempio, person=ada, roles=[Role.APPROVER])
    return ada
