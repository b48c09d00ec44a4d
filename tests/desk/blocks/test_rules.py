# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The parts of the house rules that can be quoted."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from arengo.audience import defaults
from arengo.desk.blocks import rules
from arengo.desk.blocks.rules import parts_of
from tests.factories.house_rules import TEXT


def test_a_part_has_its_title_and_its_very_words() -> None:
    first, second = parts_of(TEXT)
    assert (first.number, first.title) == (1, "Niente offese")
    assert first.quote == "Non sono ammessi insulti né attacchi personali."
    assert second.title == "Niente pubblicità"


def test_a_part_without_a_title_begins_with_its_own_words() -> None:
    [only] = parts_of("Non si offende nessuno.")
    assert only.title == only.quote == "Non si offende nessuno."


def test_the_rules_that_an_organization_begins_with_can_be_quoted() -> None:
    assert "Che cosa non si fa" in [rule.title for rule in parts_of(defaults.text("rules_text"))]


@settings(max_examples=60)
@given(st.text(alphabet=st.sampled_from("ab \n\r\t«»."), max_size=200))
def test_every_text_has_parts_in_order_and_none_is_empty(text: str) -> None:
    found = parts_of(text)
    assert [rule.number for rule in found] == list(range(1, len(found) + 1))
    assert all(rule.quote.strip() and rule.title.strip() for rule in found)
    assert bool(found) == bool(text.strip())


@pytest.mark.django_db
def test_without_house_rules_there_is_nothing_to_quote(scope: object) -> None:
    assert rules.in_force() == []


def test_a_long_part_is_cut() -> None:
    [only] = parts_of("parola " * 300)
    assert only.quote.endswith("…")
    assert len(only.quote) <= 600
