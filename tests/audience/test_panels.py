# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Each capability brings its panel to a citizen's card."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.http import HttpRequest
from django.test import Client

from arengo.audience import panels
from arengo.audience.models import Contact
from arengo.audience.panels import Panel
from arengo.core.models import Organization, Person
from arengo.core.screens import Screen

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Notice(Screen):
    kind: str


def _about(request: HttpRequest, contact: Contact) -> Notice | None:
    return Notice("info") if contact.name == "Anna Esempio" else None


def test_a_panel_stands_on_the_cards_for_which_it_has_something(
    alice: Person,
    scope: Organization,
    browse: Callable[..., Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(panels, "_panels", [Panel("arengo/partials/skeleton.html", 10, _about)])
    anna = Contact.objects.create(organization=scope, name="Anna Esempio")
    bruno = Contact.objects.create(organization=scope, name="Bruno Esempio")
    client = browse(alice)
    assert [one.screen for one in client.get(f"/console/iscritti/{anna.pk}/").context["panels"]] == [
        Notice("info")
    ]
    assert client.get(f"/console/iscritti/{bruno.pk}/").context["panels"] == []
