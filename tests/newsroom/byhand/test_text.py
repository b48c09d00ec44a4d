# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The text as WhatsApp shows it."""

from __future__ import annotations

from arengo.newsroom.drafts import Draft, Flash
from arengo.newsroom.outlets.byhand.text import text_of
from tests.factories.newsroom import draft


def test_title_in_bold_items_and_links() -> None:
    found = text_of(draft())
    assert found.text == (
        "*Gli appuntamenti della settimana*\n\n"
        "▪ Sabato il mercato si sposta in piazza Roma\nhttps://www.comune.example.it/mercato\n\n"
        "▪ La biblioteca apre anche di sera\nhttps://www.comune.example.it/biblioteca"
    )
    assert found.used == len(found.text)


def test_a_star_in_the_title_does_not_end_the_bold() -> None:
    assert text_of(Draft(title="Cena * * * in piazza*")).text == "*Cena in piazza*"


def test_emoji_count_as_phones_count_them() -> None:
    assert text_of(Draft(title="🎉")).used == 4


def test_an_empty_draft_is_no_text_but_for_the_preview() -> None:
    assert text_of(Draft(slots=(Flash(""),))).text == ""
    assert text_of(Draft(), blank="…").text == "*…*"
