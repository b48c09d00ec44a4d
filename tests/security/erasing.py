# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A town from which somebody is erased: fixtures, and the press itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync

from arengo.audience import privacy
from arengo.audience.defaults import create_defaults
from arengo.audience.models import Contact, Identity, phone_hash
from arengo.core import batches
from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from arengo.intake import scrubbing
from tests.security.erasure_traffic import Citizen
from tests.support.scan import Named


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    monkeypatch.setattr(batches, "_LONGEST", 0.0)
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def town(esempio: Organization, sender: Sender) -> Iterator[Sender]:
    with organization_scope(esempio):
        create_defaults(esempio)
        yield sender


def named(citizen: Citizen, *former: str) -> Named:
    return Named((citizen.phone, *former), (citizen.user_id,), (citizen.name, citizen.word))


def contact_of(citizen: Citizen) -> Contact:
    return Identity.objects.get(phone_hash=phone_hash("whatsapp", citizen.phone)).contact


def erase(citizen: Citizen, by: Person) -> Contact:
    """The press, and the job that it defers."""
    contact = contact_of(citizen)
    privacy.erase(contact, by=by)
    async_to_sync(scrubbing.scrub)()
    contact.refresh_from_db()
    return contact
