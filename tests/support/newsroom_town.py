# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A town that is ready to send, and drafts of its editor: fixtures.

The conftest of each room whose tests write updates imports them.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from arengo.audience.defaults import create_defaults
from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from arengo.newsroom import writing
from arengo.newsroom.models import Update
from tests.factories.audience import subscribe
from tests.factories.delivery import set_price
from tests.factories.newsroom import approve_templates, draft, sample_image


@pytest.fixture(autouse=True)
def _media(settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def town(scope: Organization, sender: Sender) -> Organization:
    """Comune di Esempio, ready to send: three subscribers, approved templates, a price."""
    create_defaults(scope)
    subscribe(scope, sender, 3)
    approve_templates(scope, sender)
    set_price(scope)
    return scope


@pytest.fixture
def write(esempio: Organization, edo: Person) -> Callable[..., Update]:
    """``write(title="…", photo=True)``: a draft by Edo."""

    def written(*, photo: bool = False, **changes: Any) -> Update:
        if photo:
            changes = {"has_image": True, "image_alt": "Una piazza disegnata", **changes}
        with organization_scope(esempio):
            return writing.create(esempio, draft(**changes), by=edo, image=sample_image() if photo else None)

    return written
