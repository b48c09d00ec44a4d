# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Stencils: what a page shows a hundred times with little changed is drawn once, with holes, and each time only these are filled."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe

NUMBER = "9000000000000000001"  # a hole where a number goes, also in an address: nothing has this one


@dataclass(frozen=True)
class Stencil:
    """``shape``: all that the template reads, but for its holes. ``names``: what it is given, with a mark in each hole.

    ``values``: HTML by mark. A mark is made of letters and digits, so that no filter changes it.
    """

    template: str
    shape: Hashable
    names: Callable[[], Mapping[str, object]]
    values: Mapping[str, str]


def drawn(context: Any, stencil: Stencil) -> SafeString:
    """``context``: the template's that shows it. It is drawn once a page for each shape; what fills a hole is not looked through."""
    # Of the whole page, where Django keeps its includes as well.
    kept: dict[Any, Any] = context.render_context.dicts[0]
    place = ("stencil", stencil.template, stencil.shape)
    if place not in kept:
        with context.push(**stencil.names()):
            html = context.template.engine.get_template(stencil.template).render(context)
        kept[place] = re.split(f"({'|'.join(stencil.values)})", html)
    values = stencil.values
    parts: list[str] = kept[place]  # between every two of them is a mark
    return mark_safe("".join(values[part] if at % 2 else part for at, part in enumerate(parts)))  # noqa: S308  # drawn by a template
