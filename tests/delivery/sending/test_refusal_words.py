# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A refusal has one form wherever staff reads it: what it means, then the platform's own words."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import arengo
from arengo.delivery.models import Sender
from arengo.delivery.sending.refusal_words import in_words, meaning, meaning_of_stop, why_stopped
from arengo.platforms.contract import Refusal, Remedy
from arengo.platforms.registry import platform

SOURCE = Path(arengo.__file__).parent
# What comes in and files on their way have a platform's other words (``receiving``); the rest is the platforms' own.
_OTHER_WORDS = {"desk/file_words.py", "delivery/provider_values.py", "config/provider_values.py"}


@pytest.fixture
def number() -> Sender:
    return Sender(name="Comune di Esempio", platform="whatsapp")


def test_a_refusal_says_what_it_means_and_what_the_platform_said(number: Sender) -> None:
    means = platform("whatsapp").explain(190)
    assert meaning("whatsapp", 190) == means
    refusal = Refusal(Remedy.STOP_SENDER, code=190, title="OAuthException", details="Session has expired")
    assert in_words(number, refusal) == f"{means} (190: OAuthException – Session has expired)"
    assert in_words(number, Refusal(Remedy.STOP_SENDER, code=190)) == means


def test_a_stopped_number_says_why_as_far_as_it_is_known() -> None:
    means = platform("whatsapp").explain(190)
    assert why_stopped("whatsapp", 190, "Session has expired") == f"{means} Session has expired (190)"
    assert why_stopped("whatsapp", 0, "Fermato da Alice") == "Fermato da Alice"
    assert (why_stopped("whatsapp", 0, ""), meaning_of_stop("whatsapp", 0)) == ("", "")
    ours = platform("whatsapp").explain(-1)
    assert why_stopped("whatsapp", -1, "") == ours


def test_no_other_room_asks_a_platform_for_the_words_by_itself() -> None:
    asking = {
        name
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr == "explain"
        for name in [path.relative_to(SOURCE).as_posix()]
        if not name.startswith("platforms/")
    }
    assert asking - _OTHER_WORDS == {"delivery/sending/refusal_words.py"}
