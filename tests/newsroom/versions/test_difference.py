# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What differs between two texts."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, strategies as st

from arengo.core.models import Organization
from arengo.newsroom.versions.difference import changes, pieces
from tests.factories.newsroom import LIBRARY, MARKET, draft

WORDS = st.lists(st.sampled_from(["dalle", "8", "9", "alle", " ", "  ", ",", "è", "👉", "x"]), max_size=14)


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("chiuso dalle 8 alle 19", "chiuso dalle 9 alle 19", "chiuso dalle [-8-]{+9+} alle 19"),
        ("entro il 30 novembre", "entro lunedì 30 novembre", "entro [-il-]{+lunedì+} 30 novembre"),
        ("uguale", "uguale", "uguale"),
        ("", "nuovo", "{+nuovo+}"),
        ("vecchio", "", "[-vecchio-]"),
        ("", "", ""),
        ("lunedì 30 novembre", "venerdì 4 dicembre", "[-lunedì 30 novembre-]{+venerdì 4 dicembre+}"),
    ],
)
def test_the_difference_is_by_whole_words(before: str, after: str, shown: str) -> None:
    signs = {"same": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}
    found = "".join(
        signs[piece.sort][0] + piece.text + signs[piece.sort][1] for piece in pieces(before, after)
    )
    assert found == shown


@given(WORDS, WORDS)
def test_both_texts_can_be_read_from_it(before: list[str], after: list[str]) -> None:
    old, new = "".join(before), "".join(after)
    found = pieces(old, new)
    assert "".join(piece.text for piece in found if piece.sort != "added") == old
    assert "".join(piece.text for piece in found if piece.sort != "removed") == new


def test_a_text_of_any_length_is_compared_at_once() -> None:
    old, new = "a b " * 5_000, "b a " * 5_000
    began = time.monotonic()
    assert [piece.sort for piece in pieces(old, new)] == ["removed", "added"]
    assert time.monotonic() - began < 1


def test_only_what_differs_is_named(scope: Organization) -> None:
    before, after = draft(outlets=("list",)), draft(outlets=("list", "channel"), title="Altro titolo")
    assert [change.label for change in changes(before, after)] == ["Titolo", "Dove esce"]
    assert changes(before, before) == []


def test_items_that_only_changed_places_are_not_told_as_new_words(scope: Organization) -> None:
    moved = changes(draft(slots=(MARKET, LIBRARY)), draft(slots=(LIBRARY, MARKET)))
    assert [(change.label, list(change.pieces)) for change in moved] == [
        ("L'ordine delle notizie è cambiato", [])
    ]


def test_a_picture_is_told_by_what_became_of_it(scope: Organization) -> None:
    without, with_one = draft(), draft(has_image=True, image_alt="Una piazza")
    assert changes(without, with_one, picture_changed=True)[-1].label == "Immagine aggiunta"
    assert changes(with_one, without, picture_changed=True)[-1].label == "Immagine tolta"
    assert changes(with_one, with_one, picture_changed=True)[-1].label == "Immagine cambiata"
