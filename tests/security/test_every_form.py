# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every form of every page × every field × every value that nobody types by mistake."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from arengo.core.models import Role
from tests.security.forms_of import Form, forms
from tests.security.found_forms import found_forms
from tests.security.hostile import SCRIPT, VALUES, encoded
from tests.security.town import Town
from tests.security.visiting import SWEEP, Visitor, why

pytestmark = [pytest.mark.django_db, *SWEEP]

FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def sent(towns: tuple[Town, Town]) -> list[tuple[str, Came]]:
    """(What was sent, what came of it): each field alone among good ones, and all at once."""
    ours = towns[0]
    visitors = [Visitor(ours.host, ours.people[role]) for role in (Role.ADMINISTRATOR, Role.OPERATOR)]
    known: set[tuple[str, tuple[str, ...]]] = set()
    answers = []
    for visitor in [*visitors, Visitor(ours.host)]:
        for form in found_forms(visitor):
            if (form.action, tuple(form.names)) in known:
                continue
            known.add((form.action, tuple(form.names)))
            for what, changed in _changes(form):
                answers.append((f"{form.action} {what}", _submit(visitor, form, changed)))
    return answers


# For boxes of text these are tried alone as well: among others, a neighbour's refusal may hide what they do.
_ALONE = ("NUL", "half a surrogate")


def _changes(form: Form) -> Iterator[tuple[str, dict[str, str]]]:
    """With each value: all boxes of text at once, so that what they take is saved; all addresses and choices, which refuse
    most; every number, date and hidden field alone.
    """
    typed = [name for name in form.names if name in form.typed]
    choosy = [name for name in form.names if name in form.choosy]
    for what, value in VALUES.items():
        for group, names in (("boxes", typed), ("choices", choosy)):
            if names:
                yield f"all {group}: {what}", dict.fromkeys(names, value)
        for name in form.names:
            if name in form.typed | form.choosy and what not in _ALONE:
                continue
            yield f"{name}: {what}", {name: value}


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
    """Typed words that a form shown again does not hold any more."""
    again = [each for each in forms(form.action, html) if set(form.names) <= set(each.names)]
    if not again:
        return []
    # Anywhere in it: what was saved before it was refused comes back in the order in which it is kept.
    shown = "\n".join(_plain(value) for _name, value in again[0].fields)
    return [name for name, value in changed.items() if name in form.typed and _plain(value) not in shown]


def _plain(text: str) -> str:
    """Without what a browser may write in another way."""
    return re.sub(r"[\s\0\ufffd\ud800-\udfff]+", "", text)


def test_no_form_breaks(sent: list[tuple[str, Came]]) -> None:
    assert {what: came.why for what, came in sent if came.status >= 500} == {}


def test_nothing_typed_comes_back_as_markup(sent: list[tuple[str, Came]]) -> None:
    assert [what for what, came in sent if came.script] == []


def test_a_form_that_is_shown_again_holds_what_was_typed(sent: list[tuple[str, Came]]) -> None:
    assert {what: came.lost for what, came in sent if came.lost} == {}


def test_the_sweep_found_the_forms(sent: list[tuple[str, Came]]) -> None:
    assert len({what.partition(" ")[0] for what, _came in sent}) > 20
    assert any(came.status == 422 for _what, came in sent)
