# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A link that opens elsewhere says so before it is pressed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src"
_LINK = re.compile(r"<a\b(?:[^>]|\n)*?target=\"_blank\".*?</a>", re.DOTALL)
_SAID = ("arengo/partials/new_tab.html", "in un’altra scheda")


def silent(template: str) -> list[str]:
    """The links of a template that open elsewhere and do not say it."""
    return [link for link in _LINK.findall(template) if not any(words in link for words in _SAID)]


def test_every_link_that_opens_elsewhere_says_so() -> None:
    found = {path: silent(path.read_text("utf-8")) for path in SOURCE.rglob("templates/**/*.html")}
    assert {path.name: links for path, links in found.items() if links} == {}


@pytest.mark.parametrize(
    ("template", "number"),
    [
        ('<a href="x" target="_blank" rel="noopener">Mappa</a>', 1),
        ('<a href="x"\n   target="_blank">Mappa {% include "arengo/partials/new_tab.html" %}</a>', 0),
        ('<a href="x" target="_blank">Accedi in un’altra scheda</a>', 0),
        ('<a href="x">Qui</a><a target="_blank" href="y">Là</a>', 1),
    ],
)
def test_a_silent_link_is_found(template: str, number: int) -> None:
    assert len(silent(template)) == number
