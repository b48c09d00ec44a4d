# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether a preset can be sent now, and what it is filled with."""

from __future__ import annotations

from typing import Any

import pytest

from arengo.core.models import Organization
from arengo.delivery.models import MessageTemplate, Sender
from arengo.delivery.templates import filling
from arengo.delivery.templates.components import Reading, part_of
from arengo.delivery.templates.fitting import Standing, Unfit, fitting, standing
from arengo.delivery.templates.presets import Preset
from tests.factories.delivery import Keeps

pytestmark = pytest.mark.django_db


def test_an_approved_template_is_filled(preset: Preset, keeps: Keeps, sender: Sender) -> None:
    keeps(preset)
    template = fitting(preset, sender)
    assert isinstance(template, MessageTemplate)
    sent = filling.message(preset, template, {"titolo": "La coscienza di Zeno"})
    assert (sent.name, sent.language) == ("arengo_prestito", "it")
    assert [(one.name, one.text) for one in sent.body] == [("titolo", "La coscienza di Zeno")]
    assert [(one.index, one.value) for one in sent.buttons] == [(0, "library:extend")]
    read = filling.shown(template.components, {"titolo": "La coscienza di Zeno"}).text
    assert read == (
        "La biblioteca di Comune di Esempio aspetta il libro La coscienza di Zeno entro il termine.\n\n"
        "Biblioteca comunale\n\n[Prolunga]"
    )


def test_a_value_that_nobody_gives_is_an_error_and_no_gap(preset: Preset, keeps: Keeps) -> None:
    with pytest.raises(KeyError):
        filling.message(preset, keeps(preset), {})


def test_one_that_is_not_there_is_missing(scope: Organization, preset: Preset, sender: Sender) -> None:
    found = fitting(preset, sender)
    assert isinstance(found, Unfit)
    assert "Manca il modello «arengo_prestito»" in found.words
    assert standing(preset, None, scope) is Standing.MISSING


@pytest.mark.parametrize(
    ("status", "said", "waiting", "stands"),
    [
        ("PENDING", "aspetta l'approvazione di Meta", True, Standing.WAITING),
        ("IN_APPEAL", "aspetta l'approvazione di Meta", True, Standing.WAITING),
        ("REJECTED", "ha rifiutato", False, Standing.REJECTED),
        ("PAUSED", "in pausa", True, Standing.PAUSED),
        ("DISABLED", "non permette", False, Standing.UNUSABLE),
        ("LOCKED", "bloccato da Meta", False, Standing.UNUSABLE),
    ],
)
def test_one_that_may_not_be_sent_says_why(
    scope: Organization,
    preset: Preset,
    keeps: Keeps,
    sender: Sender,
    status: str,
    said: str,
    waiting: bool,
    stands: Standing,
) -> None:
    template = keeps(preset, status=status)
    found = fitting(preset, sender)
    assert isinstance(found, Unfit)
    assert said in found.words
    assert found.waiting is waiting
    assert standing(preset, template, scope) is stands


def _without_button(components: list[dict[str, Any]]) -> None:
    components[:] = [part for part in components if part["type"] != "BUTTONS"]


def _another_button(components: list[dict[str, Any]]) -> None:
    part_of(components, "BUTTONS")["buttons"][0]["text"] = "Va bene"


def _another_field(components: list[dict[str, Any]]) -> None:
    part_of(components, "BODY")["text"] = "Aspettiamo il libro {{autore}} entro il termine."


def _photo(components: list[dict[str, Any]]) -> None:
    components.insert(0, {"type": "HEADER", "format": "IMAGE"})


@pytest.mark.parametrize("change", [_without_button, _another_button, _another_field, _photo])
def test_one_that_arengo_would_fill_wrongly_is_not_sent(
    scope: Organization, preset: Preset, keeps: Keeps, sender: Sender, change: Any
) -> None:
    template = keeps(preset)
    change(template.components)
    template.save()
    found = fitting(preset, sender)
    assert isinstance(found, Unfit)
    assert "va rifatto in Impostazioni" in found.words
    assert standing(preset, template, scope) is Standing.BROKEN


def test_one_whose_words_changed_since_is_sent_and_shown_as_outdated(
    scope: Organization, preset: Preset, keeps: Keeps, sender: Sender
) -> None:
    template = keeps(preset)
    assert standing(preset, template, scope) is Standing.APPROVED
    scope.name = "Comune Nuovo di Esempio"
    assert standing(preset, template, scope) is Standing.OUTDATED
    assert fitting(preset, sender) == template


def test_one_that_the_platform_filed_elsewhere_is_sent_and_shown(
    scope: Organization, preset: Preset, keeps: Keeps, sender: Sender
) -> None:
    template = keeps(preset, category="MARKETING")
    assert standing(preset, template, scope) is Standing.MOVED
    assert fitting(preset, sender) == template


def test_blanks_that_the_platform_stores_otherwise_are_no_change(
    scope: Organization, preset: Preset, keeps: Keeps
) -> None:
    template = keeps(preset)
    body = part_of(template.components, "BODY")
    body["text"] = body["text"].replace(" ", "  ") + " "
    assert standing(preset, template, scope) is Standing.APPROVED


@pytest.mark.parametrize(
    "odd",
    [
        None,
        "testo",
        [None, 3, "BODY"],
        [{"type": "BODY", "text": 7}, {"type": "BUTTONS", "buttons": "no"}],
        [{"type": "BUTTONS", "buttons": [None, {"type": None, "text": None}]}],
    ],
)
def test_whatever_the_platform_lists_reads_as_something(
    scope: Organization, preset: Preset, keeps: Keeps, odd: object
) -> None:
    assert Reading.of(odd).body == ""
    template = keeps(preset)
    template.components = odd
    assert standing(preset, template, scope) is Standing.BROKEN
