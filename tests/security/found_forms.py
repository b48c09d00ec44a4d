# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The forms of every page that somebody may open."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.security.forms_of import Form, forms
from tests.security.town import SAMPLES, Town
from tests.security.visiting import Visitor, addresses


@dataclass(frozen=True)
class Page:
    path: str
    status: int
    html: str


def pages(visitor: Visitor, ids: Iterable[int] = SAMPLES) -> Iterator[Page]:
    """What is in HTML at every address, also what is refused."""
    for address in addresses():
        for pk in ids if address.ids else [0]:
            path = address.path(pk)
            answer: Any = visitor.ask("GET", path)
            if not answer.streaming and "html" in answer.get("Content-Type", ""):
                yield Page(path, answer.status_code, answer.content.decode("utf-8", "replace"))


def forms_on(found: Iterable[Page]) -> list[Form]:
    """One of each kind: the same fields sent in the same way to the same view."""
    kinds: dict[tuple[str, str, tuple[str, ...]], Form] = {}
    for page in found:
        for form in forms(page.path, page.html) if page.status == 200 else ():
            kind = (re.sub(r"\d+", "#", form.action), form.method, tuple(form.names))
            kinds.setdefault(kind, form)
    return list(kinds.values())


_known: dict[str, list[Page]] = {}


def pages_of(town: Town, role: str | None) -> tuple[Visitor, list[Page]]:
    """Somebody of this role, None for who is not signed in, and the pages that they find.

    Looked for once in a process: each file's town is made in the same way, with the same ids.
    """
    visitor = Visitor(town.host, town.people[role] if role else None)
    known = str(role)
    if known not in _known:
        _known[known] = list(pages(visitor))
    return visitor, _known[known]


def forms_of(town: Town, role: str | None) -> tuple[Visitor, list[Form]]:
    """Somebody of this role, and one of each kind of form that they find."""
    visitor, found = pages_of(town, role)
    return visitor, forms_on(found)
