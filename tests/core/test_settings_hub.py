# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The hub of the settings says how each stands, and what asks for somebody first."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from arengo.audience.models import Policy
from arengo.audience.policies import publish_policy
from arengo.core.console.cards import State
from arengo.core.models import Organization, Person, Role
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from arengo.delivery.senders import activation
from arengo.intake.models import Journal
from tests.factories.core import STRANGER_HOST, member

Browse = Callable[..., Client]


@pytest.fixture
def states(places: dict[str, str], rita: Person, browse: Browse) -> Callable[[], dict[str, State]]:
    """By the name of the page, as the hub shows them now."""

    def read() -> dict[str, State]:
        page = browse(rita).get(places["home"])
        wanting = " ".join(page.text.partition("setting-cards")[0].split())
        found = {each.card.url_name: each.state for each in page.context["cards"] if each.state}
        for each in page.context["cards"]:
            named = f">{each.card.title}: {each.state.words}<" in wanting if each.state else False
            assert named == bool(each.state and each.state.wants_somebody)
        return found

    return read


States = Callable[[], dict[str, State]]


def test_a_sender_that_stopped_is_named_first(states: States, sender: Sender) -> None:
    assert states()["settings:senders"] == State("1 attivo", "success")
    activation.stop(sender, reason="token")
    assert states()["settings:senders"] == State("1 fermo", "danger")


def test_a_town_without_a_sender_is_told(states: States, sender: Sender) -> None:
    Sender.objects.all().delete()
    assert states()["settings:senders"].wants_somebody


def test_one_administrator_alone_is_too_few(states: States, alice: Person, esempio: Organization) -> None:
    assert states()["settings:staff"].words == "una persona sola è amministratore"
    member(esempio, "ada@esempio.test", "Ada Esempio", Role.ADMINISTRATOR)
    assert "settings:staff" not in states()


def test_the_policies_in_force_are_told(states: States) -> None:
    assert states()["settings:policies"] == State("informativa 1, regole 1", "success")


def test_a_policy_that_is_missing_is_asked_for(altrove: Organization, carlo: Person, browse: Browse) -> None:
    with organization_scope(altrove):
        publish_policy(Policy.Kind.PRIVACY, "Come trattiamo i dati.", "I dati.", carlo)
    page = browse(carlo, STRANGER_HOST).get(reverse("settings:home")).text
    assert "Informativa e regole: manca: Regole della casa" in page


def test_what_could_not_be_read_is_counted(states: States, marked: Journal) -> None:
    assert states()["settings:unread"] == State("1 da guardare", "warning")
    marked.delete()
    assert "settings:unread" not in states()


def test_how_many_automatic_messages_are_on(states: States) -> None:
    words = states()["settings:automatic"].words
    on, _of, there_are = words.replace(" accese su ", "|").partition("|")
    assert 0 < int(on) <= int(there_are)
