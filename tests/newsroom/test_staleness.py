# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which flashes speak of days that are over."""

from __future__ import annotations

from datetime import date

import pytest

from arengo.newsroom.drafts import Flash
from arengo.newsroom.outcome.staleness import days_in, passed
from tests.factories.newsroom import draft

WRITTEN = date(2026, 11, 24)  # a Tuesday


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("Mercoledì il mercato si sposta", date(2026, 11, 25)),
        ("Mercoledi il mercato si sposta", date(2026, 11, 25)),
        ("Da lunedì a venerdì si passa da via Corta", date(2026, 11, 30)),
        ("Sabato 28 novembre centro chiuso", date(2026, 11, 28)),
        ("Iscrizioni fino al 7 gennaio", date(2027, 1, 7)),
        ("Bando, scade il 30/11", date(2026, 11, 30)),
        ("Bando, scade il 30/11/2025", date(2025, 11, 30)),
        ("Scade il 3.12.2026", date(2026, 12, 3)),
        ("Domani scuole chiuse", date(2026, 11, 25)),
        ("Stasera il concerto", WRITTEN),
        ("Il 1° dicembre cambia l'orario", date(2026, 12, 1)),
        ("La biblioteca apre ogni martedì", None),
        ("Lo sportello è aperto il giovedì alle 18.10", None),
        ("Il 31 novembre non esiste", None),
        ("Guardia medica 24/7", None),
        ("Novantadue domande", None),
    ],
)
def test_the_last_day_of_which_a_text_speaks(text: str, last: date | None) -> None:
    assert max(days_in(text, WRITTEN), default=None) == last


def test_only_what_is_wholly_over_is_told() -> None:
    slots = (
        Flash("Mercoledì mercato"),
        Flash("Da mercoledì a domenica la mostra"),
        Flash("Nuovi orari"),
        Flash(""),
    )
    said = draft(slots=slots)
    assert passed(said, written=WRITTEN, today=date(2026, 11, 25)) == []
    [one] = passed(said, written=WRITTEN, today=date(2026, 11, 26))
    assert (one.number, one.text, one.last) == (1, "Mercoledì mercato", date(2026, 11, 25))
