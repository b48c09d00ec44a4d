# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A desk with hours, citizens who write to it, and a calendar that stands still on Sunday 29 November 2026."""

from __future__ import annotations

from datetime import date

import pytest

from arengo.core.models import Organization, Person, Role
from arengo.delivery.models import Sender
from arengo.desk.models import Conversation, Desk
from arengo.insights import keeping
from tests.factories.audience import citizen
from tests.factories.core import member
from tests.factories.desk import make_conversation
from tests.factories.hours import write_office
from tests.insights.reference import Talk
from tests.support.browser_kit import chromium, visit

__all__ = ["chromium", "visit"]  # fixtures of the browser tests

TODAY = date(2026, 11, 29)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "today", lambda organization: TODAY)


@pytest.fixture
def urp(scope: Organization) -> Desk:
    """Open 9–13, on Tuesday and Thursday 15–17 too."""
    desk: Desk = Desk.objects.create(name="URP", slug="urp")
    write_office(desk)
    return desk


@pytest.fixture
def library(urp: Desk) -> Desk:
    """Of some people only; nobody wrote its hours."""
    desk: Desk = Desk.objects.create(name="Biblioteca", slug="biblioteca", order=1, everyone=False)
    return desk


@pytest.fixture
def rita(esempio: Organization) -> Person:
    """The auditor."""
    return member(esempio, "rita@esempio.test", "Rita Esempio", Role.AUDITOR)


@pytest.fixture
def talk(urp: Desk, sender: Sender) -> Talk:
    """``talk("Anna")``: a conversation of a new citizen, at the URP unless another desk is named."""

    def begin(name: str = "Anna Esempio", desk: Desk = urp) -> Conversation:
        return make_conversation(citizen(name), sender, desk_id=desk.pk)

    return begin
