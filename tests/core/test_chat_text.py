# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A chat message as HTML and as plain words: links end where the address ends, marks are pairs, nothing is lost."""

from __future__ import annotations

import html
import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, strategies as st

from arengo.core.chat_text import to_html, to_plain

A = "https://x.example/a"


def links(text: str) -> list[str]:
    return [html.unescape(found) for found in re.findall(r'<a href="([^"]*)"', to_html(text))]


def shown(text: str) -> str:
    """The words of the HTML."""
    return html.unescape(re.sub(r"<[^>]+>", "", to_html(text)))


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (f"*{A}*", A),
        (f"_{A}_", A),
        (f"~{A}~", A),
        (f"*_{A}_*", A),
        (f"*vedi {A}*, poi", A),
        (f"({A})", A),
        (f"[{A}]", A),
        (f"«{A}»", A),
        (f"({A}).", A),
        (f"*({A})*", A),
        (f"(*{A}*)", A),
        (f"{A}?!", A),
        (f"{A}…", A),
        (f"“{A}”", A),
        (f"„{A}“", A),
        (f"‹{A}›", A),
        (f"（{A}）", A),
        (f"{A}، ثم", A),
        (f"هل رأيت {A}؟", A),
        (f"{A}。", A),
        (f"{A}—", A),
        (f"|{A}|", A),
        (f"```{A}`", A),
        (f"**{A}**", A),
        (f"__{A}__", A),
        (f"~~{A}.~~", A),
        (f"({A}),poi", A),
        (f"[qui]({A})si", A),
        (f"(({A}_(b)))", f"{A}_(b)"),
        (f"({A}_(b))c", f"{A}_(b)"),
        ("https://it.wikipedia.org/wiki/Arengo_(storia)", "https://it.wikipedia.org/wiki/Arengo_(storia)"),
        ("(https://it.wikipedia.org/wiki/Arengo_(storia))", "https://it.wikipedia.org/wiki/Arengo_(storia)"),
        ("_https://it.wikipedia.org/wiki/Arengo_(storia)_", "https://it.wikipedia.org/wiki/Arengo_(storia)"),
        ("https://x.example/a_(b)_(c).", "https://x.example/a_(b)_(c)"),
        ("https://x.example/a[1]", "https://x.example/a[1]"),
        ("https://x.example/a{b}", "https://x.example/a{b}"),
        ("https://[2001:db8::1]/a", "https://[2001:db8::1]/a"),
        ("https://x.example/a_b_c_", "https://x.example/a_b_c_"),
        ("https://x.example/*", "https://x.example/*"),
        ("*fatto* https://x.example/a*", "https://x.example/a*"),
        ("_https://x.example/a_b_", "https://x.example/a_b"),
        ("HTTPS://x.example/A", "HTTPS://x.example/A"),
        ("https://x.example/?a=1&b=(2)", "https://x.example/?a=1&b=(2)"),
        ("https://x.example/a\u202egnp", "https://x.example/a"),
    ],
)
def test_a_link_is_the_address_and_no_more_and_no_less(text: str, address: str) -> None:
    assert links(text) == [address]
    assert shown(text) == to_plain(text)


@pytest.mark.parametrize(
    "text", ["https://", "https://*", "*https://*", "http:// x", "https://.", "https://)"]
)
def test_a_scheme_alone_is_no_link(text: str) -> None:
    assert links(text) == []
    assert shown(text) == to_plain(text)


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        (f"*{A}*", f'<strong><a href="{A}" rel="noopener noreferrer nofollow">{A}</a></strong>'),
        ("_*a*_", "<em><strong>a</strong></em>"),
        ("*_a_*", "<strong><em>a</em></strong>"),
        ("*a _b* c_", "<strong>a _b</strong> c_"),
        ("*a*, *b*", "<strong>a</strong>, <strong>b</strong>"),
        ("*a\nb*", "*a\nb*"),
        ("*a *b*", "*a <strong>b</strong>"),
        ("**a**", "**a**"),
        ("perché*no*", "perché*no*"),
        ("~_*tutto*_~", "<s><em><strong>tutto</strong></em></s>"),
    ],
)
def test_marks_are_pairs_that_stand_within_each_other(text: str, marked: str) -> None:
    assert to_html(text) == marked


def test_a_mark_is_closed_before_an_address_that_follows_at_once() -> None:
    assert to_html(f"*Info:*{A}").startswith("<strong>Info:</strong><a ")


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Scade *venerdì* e _poi_ ~mai~", "Scade venerdì e poi mai"),
        ("```codice *vero*```", "codice *vero*"),
        ("scrivi `*STOP*`, *poi* aspetta", "scrivi *STOP*, poi aspetta"),
        ("un ` solo, due `` vuoti, `a\nb`", "un ` solo, due `` vuoti, `a\nb`"),
        ("2*3*4 e nome_del_file", "2*3*4 e nome_del_file"),
        (f"*vedi {A}_b_*", f"vedi {A}_b_"),
        ("uno\n*due*", "uno\ndue"),
    ],
)
def test_plain_words_have_no_marks(text: str, plain: str) -> None:
    assert to_plain(text) == plain


_ALPHABET = st.text(alphabet="*_~`ab ().,:[]/\n»\u202e\u05d0hts", max_size=60)
_TEXTS = st.lists(st.one_of(_ALPHABET, st.sampled_from([A, "https://y.example/b_(c)", "```", "*", "_"]))).map(
    "".join
)


class _Nesting(HTMLParser):
    def __init__(self, source: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@given(_TEXTS)
def test_nothing_is_lost_but_the_marks_and_every_tag_is_closed_where_it_began(text: str) -> None:
    assert shown(text) == to_plain(text)
    assert _without_marks(to_plain(text)) == _without_marks(text)
    assert _Nesting(to_html(text)).open == []


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    assert shown(text) == to_plain(text)


def _without_marks(text: str) -> str:
    return re.sub("[*_~`]", "", text)


def test_each_of_two_links_in_brackets_is_a_link() -> None:
    assert links(f"[{A}]({A})") == [A, A]
    assert links(f"({A})({A})") == [A, A]


@pytest.mark.parametrize(
    "piece",
    [
        "*",
        "*a ",
        "_*~",
        "(",
        ")",
        f"{A})",
        f"*{A}*",
        "https://x/" + "(" * 20,
        "`",
        "```",
        "a*",
        "*a*https://",
        f"({A})",
        f"({A}_(",
        f"**{A}**",
        "`a",
        "``` `",
        "\u0301*",
    ],
)
def test_reading_takes_time_linear_in_the_length(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    began = time.perf_counter()
    to_html(text)
    assert time.perf_counter() - began < 5
