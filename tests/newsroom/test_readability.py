# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How easily a text is read: Gulpease by its formula, long sentences by name."""

from __future__ import annotations

import pytest
from django.test import Client
from hypothesis import given, strategies as st

from arengo.core.models import Organization, Person
from arengo.newsroom.readability import LONG, reading
from tests.newsroom.pages import ROOT, Browse, filled, words

EASY = "Sabato il mercato si sposta in piazza Roma."
HARD = (
    "Relativamente all’espletamento delle procedure amministrative concernenti l’aggiornamento straordinario "
    "dell’anagrafe comunale conseguente all’approvazione del regolamento dell’organizzazione degli uffici, "
    "si comunica la temporanea sospensione dell’erogazione dei servizi."
)


@pytest.mark.parametrize(
    ("texts", "index"),
    [
        # 1 sentence, 8 words, 35 letters: 89 + (300 − 350) / 8
        ([EASY], 83),
        # the same without its full stop, and twice: two sentences
        ([EASY[:-1], EASY], 83),
        (["Una *parola* sola e poi basta"], 100),
        (["Ciao"], None),
        ([""], None),
        ([], None),
    ],
)
def test_the_index_is_that_of_the_formula(texts: list[str], index: int | None) -> None:
    assert reading(texts).index == index


def test_a_text_of_an_office_is_hard_and_its_long_sentence_is_named() -> None:
    found = reading([HARD])
    assert found.is_hard
    [long] = found.long
    assert long.startswith("Relativamente all’espletamento")
    assert long.endswith("…")
    assert not reading([" ".join(["parola"] * LONG)]).long
    assert reading([" ".join(["parola"] * (LONG + 1))]).long


@given(st.lists(st.text(max_size=200), max_size=5))
def test_any_text_has_an_index_or_none(texts: list[str]) -> None:
    index = reading(texts).index
    assert index is None or 0 <= index <= 100


def test_the_editor_says_it_and_sending_is_not_kept_back(
    town: Organization, edo: Person, browse: Browse
) -> None:
    client: Client = browse(edo)
    page = words(client.post(f"{ROOT}anteprima/", filled()))
    assert "Si legge bene: Gulpease" in page
    page = words(client.post(f"{ROOT}anteprima/", filled(title=HARD[:100], text_1=HARD, text_2="")))
    assert "a fatica: Gulpease" in page
    assert "Frase lunga:" in page
    assert "Manca" not in page
