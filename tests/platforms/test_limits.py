# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is refused before it is sent, and what is just within the limits."""

from __future__ import annotations

import pytest
from django.utils.translation import override
from hypothesis import given, strategies as st

from arengo.core.lengths import Limit, Unit
from arengo.platforms.contract import (
    Buttons,
    Media,
    Outgoing,
    Parameter,
    Template,
    Text,
)
from arengo.platforms.contract.limits import least
from arengo.platforms.registry import common_limits, platform
from tests.platforms.outgoing import FITS, REFUSED, choices, problems


@pytest.mark.parametrize("outgoing", FITS, ids=range(len(FITS)))
def test_what_is_just_within_the_limits_has_no_problem(outgoing: Outgoing) -> None:
    assert problems(outgoing) == []


@pytest.mark.parametrize(("outgoing", "words"), REFUSED, ids=range(len(REFUSED)))
def test_what_whatsapp_would_refuse_is_said_with_limit_and_count(
    outgoing: Outgoing, words: list[str]
) -> None:
    with override("it"):
        found = " ".join(problems(outgoing))
    for word in words:
        assert word in found


@given(
    st.text(alphabet=st.sampled_from("aè\u0300😀👨\u200d👩🇮🇹ب"), min_size=1, max_size=40), st.integers(1, 120)
)
def test_what_the_forms_let_through_is_sent_and_nothing_else(part: str, times: int) -> None:
    text, limits = part * times, platform("whatsapp").limits
    fits = platform("whatsapp").problems(Text(text)) == []
    assert fits == (not limits.text.over(text))
    fits = platform("whatsapp").problems(Media("image", "1", caption=text)) == []
    assert fits == (not limits.caption.over(text))
    fits = platform("whatsapp").problems(Template("t", "it", body=[Parameter(text)])) == []
    assert fits == (not limits.template_body.over(text))


def test_a_text_for_any_platform_keeps_the_tightest_limit_in_its_own_unit() -> None:
    known = platform("whatsapp").limits
    short = known._replace(text=Limit(200, Unit.CODE_POINTS))
    assert least([known, short]) == short
    assert common_limits() == known


def test_every_problem_of_a_message_is_said_at_once_and_in_the_readers_language() -> None:
    wrong = Buttons("", choices(4), header="h" * 61)
    with override("it"):
        italian = problems(wrong)
    with override("en"):
        english = problems(wrong)
    assert len(italian) == len(english) == 3
    assert not set(italian) & set(english)
    assert "at most 60 characters" in " ".join(english)
