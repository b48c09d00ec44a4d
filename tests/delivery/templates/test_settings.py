# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Modelli: templates that no room asks for, and what the provider answers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from arengo.core.models import Person
from arengo.delivery.models import Sender
from arengo.delivery.templates import administration
from tests.factories.delivery import make_template

Browse = Callable[..., Client]


def test_templates_are_shown_with_their_state_and_reason(
    places: dict[str, str], alice: Person, browse: Browse, sender: Sender
) -> None:
    make_template(
        sender,
        "avviso",
        status="REJECTED",
        reason="INVALID_FORMAT",
        components=[
            {"type": "HEADER", "format": "TEXT", "text": "Titolo"},
            {"type": "BODY", "text": "Corpo {{1}}"},
            {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Leggi"}]},
        ],
    )
    page = browse(alice).get(places["templates"]).text
    for part in ("avviso", "respinto", "INVALID_FORMAT", "Titolo", "Corpo {{1}}", "Leggi"):
        assert part in page


def test_the_list_of_templates_is_fetched_again(
    places: dict[str, str], alice: Person, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(administration, "sync", lambda sender: 3)
    assert "3 modelli" in browse(alice).post(places["templates_sync"], follow=True).text


@pytest.mark.parametrize("name", ["templates_sync", "templates_create"])
def test_a_provider_that_does_not_answer_is_no_error_page(
    places: dict[str, str], alice: Person, browse: Browse, name: str
) -> None:
    assert "WhatsApp non ha risposto" in browse(alice).post(places[name], follow=True).text
