# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every form of every page, every field of it, and what nobody types by mistake."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pytest

from arengo.core.clean_text import clean
from arengo.core.models import Role
from tests.security.forms_of import FORM, Form, forms
from tests.security.found_forms import forms_of
from tests.security.hostile import SCRIPT, VALUES, encoded
from tests.security.town import Town
from tests.security.visiting import SWEEP, Visitor, why

pytestmark = [pytest.mark.django_db, *SWEEP]


@pytest.fixture(scope="module")
def sent(towns: tuple[Town, Town]) -> list[tuple[str, Came]]:
    """(What was sent, what came of it)."""
    known: set[tuple[str, str, tuple[str, ...]]] = set()
    answers = []
    for role in (Role.ADMINISTRATOR, Role.OPERATOR, None):
        visitor, found = forms_of(towns[0], role)
        for form in found:
            kind = (re.sub(r"\d+", "#", form.action), form.method, tuple(form.names))
            if kind in known:
                continue
            for what, changed in _changes(form, len(known)):
                answers.append((f"{form.action} {what}", _submit(visitor, form, changed)))
            known.add(kind)
    return answers


# For boxes of text and for choices these are tried alone as well: among others, a neighbour's refusal may hide what they do.
_OF_BOXES = ("nothing", "NUL", "half a surrogate", "a million characters", "script", "right to left")
_ALONE = ("NUL", "half a surrogate")
# What a field refuses that is none of these it refuses for the same reason: of the rest each field meets some.
_OF_CHOICES = ("NUL", "half a surrogate", "nothing", "past bigint")
_OF_NUMBERS = ("nothing", "past bigint", "other digits")  # of hidden fields too: most hold one
_OF_DAYS = ("nothing", "the last day", "the first day", "other digits")
_SOME = 3


def _changes(form: Form, turn: int) -> Iterator[tuple[str, dict[str, str]]]:
    """All boxes of text at once, so that what they take is saved. Addresses and choices, which refuse most, at once; every
    number, date and hidden field alone: with what its kind may stumble over, and some of the others, by turns from form to
    form and from field to field.
    """
    typed = [name for name in form.names if name in form.typed]
    choosy = [name for name in form.names if name in form.choosy]
    if typed:
        for what in _met(_OF_BOXES, turn):
            yield f"all boxes: {what}", dict.fromkeys(typed, VALUES[what])
    if choosy:
        for what in _met(_OF_CHOICES, turn):
            yield f"all choices: {what}", dict.fromkeys(choosy, VALUES[what])
    for place, name in enumerate(form.names, turn):
        if name in form.typed | form.choosy:
            whats = [_ALONE[place % len(_ALONE)]]
        else:
            whats = _met(_OF_DAYS if name in form.days else _OF_NUMBERS, place)
        yield from ((f"{name}: {what}", {name: VALUES[what]}) for what in whats)


def _met(always: tuple[str, ...], turn: int) -> list[str]:
    others = [what for what in VALUES if what not in always]
    return [*always, *(others[(turn * _SOME + number) % len(others)] for number in range(_SOME))]


@dataclass
class Came:
    status: int
    why: str
    script: bool
    lost: list[str]


def _submit(visitor: Visitor, form: Form, changed: dict[str, str]) -> Came:
    body = encoded(form.filled(**changed))
    if form.method == "GET":
        answer: Any = visitor.ask("GET", f"{form.action.partition('?')[0]}?{body}")
    else:
        answer = visitor.ask("POST", form.action, body, content_type=FORM)
    html = "" if answer.streaming else answer.content.decode("utf-8", "replace")
    lost = _lost(form, changed, html) if answer.status_code == 422 else []
    return Came(answer.status_code, why(answer), SCRIPT in html or "<script>alert" in html, lost)


def _lost(form: Form, changed: dict[str, str], html: str) -> list[str]:
    """Typed words that a form shown again does not hold any more, each as often as it was typed."""
    again = [each for each in forms(form.action, html) if set(form.names) <= set(each.names)]
    if not again:
        return []
    # In whatever field: what was saved before it was refused comes back in the order in which it is kept.
    shown = [(name, _plain(value)) for name, value in again[0].fields]
    typed = {name: _plain(value) for name, value in changed.items() if name in form.typed}
    lost = []
    for value in set(typed.values()):
        holders = [name for name, held in shown if value in held]
        names = [name for name, each in typed.items() if each == value]
        if len(holders) < len(names):
            lost += [name for name in names if name not in holders]
    return sorted(lost)


@lru_cache(maxsize=256)
def _plain(text: str) -> str:
    """Without what a browser may write in another way, and what the server takes out and says so (core/clean_text.py)."""
    return re.sub(r"[\s\0\ufffd\ud800-\udfff]+", "", clean(text).text)


def test_no_form_breaks(sent: list[tuple[str, Came]]) -> None:
    assert {what: came.why for what, came in sent if came.status >= 500} == {}


def test_nothing_typed_comes_back_as_markup(sent: list[tuple[str, Came]]) -> None:
    assert [what for what, came in sent if came.script] == []


def test_a_form_that_is_shown_again_holds_what_was_typed(sent: list[tuple[str, Came]]) -> None:
    assert {what: came.lost for what, came in sent if came.lost} == {}


def test_the_sweep_found_the_forms(sent: list[tuple[str, Came]]) -> None:
    assert len({what.partition(" ")[0] for what, _came in sent}) > 20
    assert any(came.status == 422 for _what, came in sent)
