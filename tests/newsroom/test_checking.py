# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What keeps an update from going out, with the exact counts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from arengo.core.lengths import length
from arengo.newsroom.checking import (
    ALT,
    TEXT,
    TITLE,
    line_problems,
    url_problem,
    with_scheme,
)
from arengo.newsroom.drafts import Flash
from arengo.newsroom.estimating import problems
from arengo.newsroom.outlets.whatsapp_list.plan import body_problem
from arengo.platforms.contract import Parameter, Template
from arengo.platforms.registry import platform
from tests.factories.newsroom import draft

LIMIT = platform("whatsapp").limits.template_body


def fields(**changes: object) -> list[str]:
    return [problem.field for problem in problems(draft(**changes))]


def test_a_whole_draft_has_no_problem() -> None:
    assert problems(draft()) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"title": ""}, ["title"]),
        ({"title": "a" * TITLE}, []),
        ({"title": "a" * (TITLE + 1)}, ["title"]),
        ({"slots": ()}, ["text_1"]),
        ({"slots": (Flash("a" * TEXT),)}, []),
        ({"slots": (Flash("a" * (TEXT + 1)),)}, ["text_1"]),
        ({"slots": (Flash("uno"), Flash("due\ntre"))}, ["text_2"]),
        ({"slots": (Flash("uno"), Flash("", "https://www.comune.example.it"))}, ["text_2"]),
        ({"slots": (Flash("uno", "javascript:alert(1)"),)}, ["url_1"]),
        ({"has_image": True}, ["image_alt"]),
        ({"has_image": True, "image_alt": "Una piazza"}, []),
        ({"has_image": True, "image_alt": "a" * (ALT + 1)}, ["image_alt"]),
        ({"outlets": ()}, ["outlets"]),
    ],
)
def test_each_limit_is_named_at_its_field(changes: dict[str, object], expected: list[str]) -> None:
    assert fields(**changes) == expected


def test_a_text_of_4097_characters_is_refused_with_the_count() -> None:
    [words] = line_problems("a" * 4097, TEXT)
    assert words == "4.097 caratteri: il massimo è 800, 3.297 di troppo."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("uno\ndue", "togli l'a capo (1)"),
        ("uno\r\ndue\r\ntre", "togli gli a capo (2)"),
        ("uno\u2028due", "togli l'a capo (1)"),
        ("uno\tdue", "tabulazioni"),
        ("uno     due", "4 spazi"),
        ("uno\x00due", "invisibile"),
        ("uno\u202edue", "invisibile"),
        ("uno\ud800due", "invisibile"),
    ],
)
def test_what_no_template_value_may_hold_is_refused(text: str, said: str) -> None:
    assert said in " ".join(line_problems(text, TEXT))


@pytest.mark.parametrize("text", ["uno    due", "perché sì", "👨‍👩‍👧 in piazza", "ב ברוכים", "a" * TEXT])
def test_what_a_template_value_may_hold_passes(text: str) -> None:
    assert list(line_problems(text, TEXT)) == []


@pytest.mark.parametrize("sample", ["😀", "👨‍👩‍👧", "🇮🇹", "é", "ب"])
def test_a_title_is_counted_as_phones_count_it(sample: str) -> None:
    each = length(sample)
    fits = sample * (TITLE // each)
    assert list(line_problems(fits, TITLE)) == []
    over = each - TITLE % each
    [words] = line_problems(fits + sample, TITLE)
    assert words.endswith(f"{over} di troppo.")


@given(st.text(max_size=900))
@settings(max_examples=300)
def test_what_the_editor_lets_through_the_platform_takes(text: str) -> None:
    text = text.strip()
    if not text or list(line_problems(text, TEXT)):
        return
    assert platform("whatsapp").problems(Template("arengo_notizie_1", "it", body=[Parameter(text)])) == []


@pytest.mark.parametrize(
    "url",
    [
        "https://www.comune.example.it/mercato",
        "http://comune.example.it",
        "https://città.example.it/così",
        "https://xn--citt-1na.example.it/",
        "https://www.comune.example.it:8443/a?b=c#d",
    ],
)
def test_web_addresses_pass(url: str) -> None:
    assert url_problem(url) == ""


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,ciao",
        "ftp://comune.example.it/x",
        "mailto:urp@comune.example.it",
        "https://",
        "https:///percorso",
        "https://comune.example.it/a b",
        "https://comune.example.it/\u202egnp.exe",
        "https://esempio:segreto@comune.example.it/",
        "https://esempio@comune.example.it/",
        "https://[::1",
        "comune",
        "https://comune.example.it/" + "a" * 500,
    ],
)
def test_anything_else_is_refused(url: str) -> None:
    assert url_problem(url)


@given(st.text(max_size=60))
@settings(max_examples=300)
def test_no_address_makes_the_check_fall_over(text: str) -> None:
    for url in (text, f"https://{text}", with_scheme(text)):
        assert isinstance(url_problem(url), str)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("www.comune.example.it/mercato", "https://www.comune.example.it/mercato"),
        ("comune.example.it:8443/x", "https://comune.example.it:8443/x"),
        (" https://comune.example.it ", "https://comune.example.it"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("", ""),
    ],
)
def test_the_scheme_may_be_left_out(typed: str, kept: str) -> None:
    assert with_scheme(typed) == kept


def test_the_whole_message_has_a_limit_too() -> None:
    assert body_problem(1024, LIMIT, "WhatsApp") is None
    problem = body_problem(1025, LIMIT, "WhatsApp")
    assert problem is not None
    assert "1.025" in problem.words
    assert "1 di troppo" in problem.words
