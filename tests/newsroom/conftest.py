# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A town that is ready to send, what was handed over, and what waits for a person to put it on the WhatsApp channel."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from arengo.channel.models import Channel
from arengo.core.models import Organization, Person, Role
from arengo.newsroom import publishing
from arengo.newsroom.models import Update
from arengo.newsroom.outlets.byhand.models import Task
from arengo.newsroom.outlets.whatsapp_list import placing
from tests.factories.channel import whatsapp_channel
from tests.factories.core import member
from tests.factories.newsroom import publish
from tests.support.browser_kit import WIDE, Size, Visiting, chromium, visit
from tests.support.newsroom_town import _media, town, write
from tests.support.polls_town import keys_folder, poll, votes, voting
from tests.support.settings_town import invited, marked, places, price, rita, settings_town

__all__ = [
    "_media", "chromium", "invited", "keys_folder", "marked", "places", "poll", "price", "rita", "settings_town", "town", "visit",
    "votes", "voting", "write",
]  # fmt: skip


@pytest.fixture
def out(town: Organization, write: Callable[..., Update], edo: Person) -> Update:
    """An update that was handed over to list and channel."""
    update = write()
    publishing.publish(town, update.pk, by=edo, key="k", version=update.version)
    publishing.carry_out(town.pk, update.pk)
    update.refresh_from_db()
    return update


@pytest.fixture
def uploads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every upload of an image, instead of the platform; each answers with a media id."""
    done: list[str] = []

    def call(name: str, act: object, *, within: float = 30.0) -> str:
        done.append(name)
        return f"media-{len(done)}"

    monkeypatch.setattr(placing, "call", call)
    return done


@pytest.fixture
def whatsapp(town: Organization) -> Channel:
    """The town has a channel on WhatsApp."""
    return whatsapp_channel(town.name)


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
    return member(esempio, "ada@esempio.test", "Ada Esempio", Role.APPROVER)


@pytest.fixture
def open_newsroom(live_server: LiveServer, visit: Visiting, edo: Person) -> Callable[..., Page]:
    """``open_newsroom("nuovo/", NARROW)``: the page, signed in as Edo."""

    def opened(path: str = "", size: Size = WIDE, *, dark: bool = False) -> Page:
        return visit(f"{live_server.url}/console/redazione/{path}", size, sign_in=edo, dark=dark)

    return opened
