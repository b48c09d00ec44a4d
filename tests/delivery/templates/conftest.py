# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A made-up preset, and templates as the platform has them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from arengo.core.models import Organization
from arengo.delivery.models import MessageTemplate, Sender
from arengo.delivery.templates import presets
from arengo.delivery.templates.components import components_of
from arengo.delivery.templates.presets import Category, Preset, Purpose, Words, organization_name


def made_up(key: str = "library_due", name: str = "arengo_prestito", **more: Any) -> Preset:
    return Preset(
        **{
            "key": key,
            "name": name,
            "purpose": Purpose("library", "Prestito della biblioteca", "A chi ha un libro in scadenza.", 90),
            "category": Category.UTILITY,
            "words": lambda organization: Words(
                body=f"La biblioteca di {organization_name(organization)} aspetta il libro {{{{titolo}}}} entro il termine.",
                footer="Biblioteca comunale",
                replies=("Prolunga",),
            ),
            "examples": {"titolo": "I promessi sposi"},
            "choices": ("library:extend",),
            **more,
        }
    )


@pytest.fixture
def preset(monkeypatch: pytest.MonkeyPatch) -> Preset:
    """One that no room knows, registered for this test alone."""
    monkeypatch.setattr(presets, "_presets", dict(presets._presets))
    one = made_up()
    presets.register(one)
    return one


Keeps = Callable[..., MessageTemplate]


@pytest.fixture
def keeps(scope: Organization, sender: Sender) -> Keeps:
    """``keeps(preset, status="PAUSED")``: the platform has the template, as we would make it today."""

    def kept(of: Preset, **changes: Any) -> MessageTemplate:
        template: MessageTemplate = MessageTemplate.objects.create(
            **{
                "sender": sender,
                "template_id": str(MessageTemplate.objects.count() + 1),
                "name": of.name,
                "language": of.language,
                "category": of.category.value,
                "status": "APPROVED",
                "parameter_format": "named",
                "components": components_of(of, scope),
                **changes,
            }
        )
        return template

    return kept
