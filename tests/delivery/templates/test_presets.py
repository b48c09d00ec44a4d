# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The presets that rooms register: their names, and the words that they make for an organization."""

from __future__ import annotations

import re

import pytest

from arengo.audience.commands import JOIN, LEAVE, Parser
from arengo.audience.consent_template import ASK_AGAIN
from arengo.audience.defaults import create_defaults
from arengo.core.models import Organization
from arengo.delivery.models import MessageTemplate
from arengo.delivery.templates import filling, presets
from arengo.delivery.templates.components import Reading, components_of, definition
from arengo.delivery.templates.presets import Preset
from arengo.platforms.contract import MessageReceived
from arengo.platforms.registry import common_limits
from tests.factories.audience import message
from tests.factories.delivery import Keeps, made_up

pytestmark = pytest.mark.django_db

OURS = pytest.mark.parametrize("ours", presets.registered(), ids=lambda one: one.key)


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("news_1", "arengo_altro"),
        ("library_due", "arengo_notizie_1"),
        ("Library", "arengo_prestito"),
        ("library due", "arengo_prestito"),
        ("library_due", "Prestito"),
        ("library_due", ""),
    ],
)
def test_two_presets_never_share_a_name_and_each_has_one_that_the_platform_takes(key: str, name: str) -> None:
    before = presets.registered()
    with pytest.raises(ValueError, match="message template"):
        presets.register(made_up(key, name))
    assert presets.registered() == before


def test_what_a_room_registers_is_found(preset: Preset) -> None:
    assert presets.preset("library_due") is preset
    assert presets.of_purpose("library") == [preset]
    assert presets.registered()[-1] is preset
    assert presets.preset("nobody") is None


@OURS
def test_their_words_are_within_the_platforms_limits(scope: Organization, ours: Preset) -> None:
    create_defaults(scope)
    scope.name = "Unione dei Comuni " + "molto " * 30
    words, limits = ours.words(scope), common_limits()
    assert not limits.template_body.over(words.body)
    assert not limits.template_footer.over(words.footer)
    assert not any(limits.template_button.over(label) for label in words.replies)
    assert len(words.replies) == len(ours.choices)
    # Meta refuses a body that begins or ends with a variable, or in which two stand side by side.
    assert not re.search(r"^\s*\{\{|\}\}\s*$|\}\}\s*\{\{", words.body)


@OURS
def test_each_variable_has_its_example(scope: Organization, ours: Preset) -> None:
    create_defaults(scope)
    assert Reading.of(components_of(ours, scope)).variables == ours.parameters
    assert all(ours.examples.values())


@OURS
def test_citizens_read_who_writes(scope: Organization, ours: Preset) -> None:
    create_defaults(scope)
    assert "Comune di Esempio" in ours.words(scope).body


def test_a_name_with_signs_of_a_template_makes_no_variable(scope: Organization, preset: Preset) -> None:
    scope.name = "Comune {{1}} di *Esempio*"
    assert Reading.of(components_of(preset, scope)).variables == ["titolo"]
    assert "Comune 1 di Esempio" in definition(preset, scope)["components"][0]["text"]


@pytest.mark.parametrize(("place", "command"), [(0, JOIN), (1, LEAVE)])
def test_the_answers_to_asking_again_are_commands_of_today(
    scope: Organization, keeps: Keeps, place: int, command: str
) -> None:
    create_defaults(scope)
    template: MessageTemplate = keeps(ASK_AGAIN)
    button = filling.message(ASK_AGAIN, template, {"dal": "12 marzo 2025"}).buttons[place]
    said: MessageReceived = message(text="", kind="choice", choice_id=button.value)
    understood = Parser.of_organization().message(said)
    assert understood is not None
    assert understood.kind == command
