# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The parts of a citizen's own page: each capability registers one, from its AppConfig.

``make`` gives what ``template`` shows as ``part``, below a heading with the id ``title_id``. A form in it posts to
``{% url "personal:act" "<name>" %}``; ``handle`` does what was pressed, and says what was done. What it refuses
(:class:`Refused`) is shown above the same part again, whose ``make`` finds what was typed in ``visit.typed``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase

from arengo.audience.models import Identity
from arengo.core.screens import Screen


@dataclass(frozen=True)
class Visit:
    """Somebody looks at their page. ``sender_id``: the number through which they had the link.

    ``typed``, ``refused``: of the part whose form was just refused: what was in it, and why.
    """

    request: HttpRequest
    identity: Identity
    sender_id: int
    typed: QueryDict | None = None
    refused: str = ""


class Refused(Exception):
    """Why it was not done, in words for the citizen."""


@dataclass(frozen=True)
class Done:
    """``words``: what was done. ``ends``: nobody is left whose page it could be."""

    words: str
    ends: bool = False


@dataclass(frozen=True)
class Section:
    """``name``: a slug, in the address of its form. ``order``: from top to bottom.

    ``question``: a template that asks before ``handle`` is called, where something goes for good: it is given ``part`` too.
    ``make`` gives None where there is nothing to show.
    """

    name: str
    template: str
    order: int
    make: Callable[[Visit], Screen | None]
    handle: Callable[[Visit], Done | HttpResponseBase] | None = None
    question: str = ""


@dataclass(frozen=True)
class Shown:
    name: str
    template: str
    part: Screen
    refused: str

    @property
    def title_id(self) -> str:
        return f"titolo-{self.name}"


_sections: dict[str, Section] = {}


class NameTaken(Exception):
    """Two capabilities chose one name: one of them would never hear of its form."""


def register(section: Section) -> None:
    if _sections.setdefault(section.name, section) is not section:
        raise NameTaken(section.name)


def of_name(name: str) -> Section | None:
    return _sections.get(name)


def shown(visit: Visit, refused: str = "", typed_in: str = "") -> Sequence[Shown]:
    """All parts of the page. ``typed_in``: the name of the part that was refused, for ``refused``."""
    parts = []
    for section in sorted(_sections.values(), key=lambda one: one.order):
        here = section.name == typed_in
        about = visit if here else Visit(visit.request, visit.identity, visit.sender_id)
        if (part := section.make(about)) is not None:
            parts.append(Shown(section.name, section.template, part, refused if here else ""))
    return parts
