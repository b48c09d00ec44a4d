# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Invisible characters in the editor are taken out, and the editor says how many and where."""

from __future__ import annotations

import json

import pytest

from arengo.core.models import Organization, Person
from arengo.newsroom.checking import TEXT, line_problems
from arengo.newsroom.models import Update
from tests.newsroom.pages import ROOT, Browse, filled, words


def test_a_pasted_direction_mark_is_taken_out_and_told(
    town: Organization, edo: Person, browse: Browse
) -> None:
    pasted = filled(title="Mercato\u202a di\u202c Natale", text_1="Sabato\ufffe il mercato")
    answer = browse(edo).post(f"{ROOT}nuovo/", pasted, follow=True)
    update = Update.objects.get()
    assert update.title == "Mercato di Natale"
    assert update.items.all()[0].text == "Sabato il mercato"
    said = words(answer)
    assert "Tolti 2 caratteri invisibili: dopo «Mercato», dopo «di»." in said
    assert "Tolto 1 carattere invisibile: dopo «Sabato»." in said
    assert "Tolt" not in words(browse(edo).get(f"{ROOT}{update.pk}/modifica/"))  # told once


def test_what_a_language_needs_is_kept_and_nothing_is_told(
    town: Organization, edo: Person, browse: Browse
) -> None:
    answer = browse(edo).post(f"{ROOT}nuovo/", filled(title="👩‍👩‍👧 می‌خواهم"), follow=True)
    assert Update.objects.get().title == "👩‍👩‍👧 می‌خواهم"
    assert "Tolt" not in words(answer)


def test_the_preview_says_it_to_the_script_of_the_page(
    town: Organization, edo: Person, browse: Browse
) -> None:
    client = browse(edo)
    answer = client.post(f"{ROOT}anteprima/", filled(title="Mercato\u202a"), headers={"HX-Request": "true"})
    assert json.loads(answer["HX-Trigger"]) == {
        "arengo:removed": {"words": "Tolto 1 carattere invisibile: dopo «Mercato»."}
    }
    assert "Tolto" not in words(client.get(ROOT))
    clean = client.post(f"{ROOT}anteprima/", filled(), headers={"HX-Request": "true"})
    assert "HX-Trigger" not in clean


@pytest.mark.parametrize(
    ("text", "where"), [("Mercato di\u202eNatale", "dopo «di»"), ("\u202eNatale", "all’inizio")]
)
def test_what_is_refused_says_where_it_stands(text: str, where: str) -> None:
    assert where in " ".join(line_problems(text, TEXT))
