# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What settings pages hold, a made-up preset, and templates as the platform has them."""

from __future__ import annotations

from typing import Any

import pytest

from arengo.core.models import Organization
from arengo.delivery.models import MessageTemplate, Sender
from arengo.delivery.templates import presets
from arengo.delivery.templates.presets import Preset
from tests.factories.delivery import Keeps, keep_template, made_up
from tests.support.settings_town import invited, marked, places, price, rita, settings_town

__all__ = ["invited", "marked", "places", "price", "rita", "settings_town"]


@pytest.fixture
def preset(monkeypatch: pytest.MonkeyPatch) -> Preset:
    """One that no room knows, registered for this test alone."""
    monkeypatch.setattr(presets, "_presets", dict(presets._presets))
    one = made_up()
    presets.register(one)
    return one


@pytest.fixture
def keeps(scope: Organization, sender: Sender) -> Keeps:
    """``keeps(preset, status="PAUSED")``: the platform has the template, as we would make it today."""

    def kept(of: Preset, **changes: Any) -> MessageTemplate:
        return keep_template(sender, of, **changes)

    return kept
