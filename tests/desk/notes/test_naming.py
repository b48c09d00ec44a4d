# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is named in a note."""

from __future__ import annotations

from hypothesis import given, settings, strategies as st

from arengo.core.models import Person
from arengo.desk.notes.naming import named, pieces

OLGA, EDO, OTHER_EDO, NICOLO = (
    Person(pk=number, name=name)
    for number, name in enumerate(("Olga Esempio", "Edo Esempio", "Edo Prova", "Nicolò D’Ambrosio"), 1)
)
PEOPLE = [OLGA, EDO, OTHER_EDO, NICOLO]


def people_of(text: str) -> list[Person]:
    return named(text, PEOPLE)


def test_a_first_name_names_who_alone_has_it() -> None:
    assert people_of("@Olga manca la firma") == [OLGA]
    assert people_of("@edo?") == []
    assert people_of("@Edo Prova, @EDO ESEMPIO e ancora @Edo Prova") == [OTHER_EDO, EDO]


def test_accents_capitals_and_what_follows_do_not_matter() -> None:
    assert people_of("chiedi a @nicolo, grazie") == [NICOLO]
    assert people_of("(@Nicolò D’Ambrosio)") == [NICOLO]


def test_an_address_and_a_longer_word_name_nobody() -> None:
    assert people_of("scrivi a urp@olga.example e a @Olgamaria") == []


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(["@", "Olga", " ", "Edo", "Esempio", "@Olga", "\n", "é", ".", "مرحبا"]), max_size=60
    )
)
def test_the_pieces_are_the_text(words: list[str]) -> None:
    text = "".join(words)
    assert "".join(piece.text for piece in pieces(text, PEOPLE)) == text


def test_a_text_of_nothing_but_signs_is_read_at_once() -> None:
    assert len(list(pieces("@Olga" * 50_000, PEOPLE))) < 1_000
