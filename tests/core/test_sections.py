# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages of one tab stand in a row below it; each capability registers its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from arengo.core.console import sections
from arengo.core.console.sections import Section
from arengo.core.models import Membership, Organization, Person, Role

pytestmark = pytest.mark.django_db

TAB = "audience:subscribers"


def test_the_row_has_the_pages_that_the_member_may_open(
    alice: Person, edo: Person, scope: Organization, browse: Callable[..., Client]
) -> None:
    both = browse(alice).get("/console/iscritti/").text
    row = both[both.index('class="sections') :].partition("</nav>")[0]
    assert row.index("Persone") < row.index("Importa")
    assert " ".join(row.split()).count('href="/console/iscritti/" aria-current="page"') == 1
    assert "Importa" not in browse(edo).get("/console/iscritti/").text


def test_the_page_with_the_longest_address_is_current(
    alice: Person, scope: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = Section(TAB, "Fontane", "audience:imports", (Role.ADMINISTRATOR,), order=5)
    monkeypatch.setitem(sections._sections, "audience:imports", page)
    member = Membership.objects.get(person=alice)
    shown = sections.entries(TAB, member, "/console/iscritti/importa/7/colonne/")
    assert [(one.label, one.current) for one in shown][:2] == [("Fontane", True), ("Panoramica", False)]
    assert sections.entries(TAB, None, "/console/iscritti/") == []
