# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a template is given: a frozen dataclass, whose fields are the names that the template uses.

mypy then knows what a page shows, and a name that is misspelt in a view does not become an empty place on the page. A screen
that is made of parts holds them as fields: the desk's page has its list and its conversation. A part whose template is
also asked for alone may be a screen of its own, which the page is given beside its own. One or two names may stand as a
dict where ``render`` is called; ``tests/core/test_screens.py`` refuses any other context.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import TypeVar, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.functional import SimpleLazyObject

Value = TypeVar("Value")


@dataclass(frozen=True)
class Screen:
    """Derived by what one template shows, as a frozen dataclass. Fields say their types: no ``Any``, no ``object``."""


def names_of(*screens: Screen) -> dict[str, object]:
    """The fields of these by their names. ValueError where two have the same: one would hide the other."""
    names: dict[str, object] = {}
    for screen in screens:
        for field in fields(screen):
            if field.name in names:
                raise ValueError(f"two screens of one page have a field {field.name!r}")
            names[field.name] = getattr(screen, field.name)
    return names


def render_screen(request: HttpRequest, template: str, *screens: Screen, status: int = 200) -> HttpResponse:
    """``screens``: the page's own, and those of its parts or of the frame that it stands in; no two have a name in common."""
    return render(request, template, names_of(*screens), status=status)


def render_screen_to_string(template: str, screen: Screen) -> str:
    """Outside of a request: a mail, an entry of a feed, a drawing."""
    return render_to_string(template, names_of(screen))


def lazily(value: Callable[[], Value]) -> Value:
    """For a field that most pages do not show: asked when the template first uses it, once."""
    return cast(Value, SimpleLazyObject(value))
