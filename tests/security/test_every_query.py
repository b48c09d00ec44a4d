# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every query parameter that the code reads × every hostile value, on every page of the room that reads it."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import arengo
from arengo.core.models import Role
from tests.security.asked import asked, together
from tests.security.hostile import VALUES, encoded
from tests.security.town import SAMPLES, Town
from tests.security.visiting import SWEEP, Visitor, addresses, why

pytestmark = [pytest.mark.django_db, *SWEEP]

SOURCE = Path(arengo.__file__).parent
_LONGEST = 20_000  # characters: the server lets no longer address in
# Read by Django and allauth on their own pages.
_OF_SIGN_IN = {"next"}


@cache
def parameters() -> dict[str, set[str]]:
    """Module → the names that it asks a query for, directly or through a variable or an argument that holds the query."""
    found: dict[str, set[str]] = {}
    for path in SOURCE.rglob("*.py"):
        name = ".".join(("arengo", *path.relative_to(SOURCE).with_suffix("").parts))
        found[name] = _names(ast.parse(path.read_text(encoding="utf-8")))
    return {module: names for module, names in found.items() if names}


@cache
def names_of(module: str) -> set[str]:
    """What a view of this module may ask: what stands in it, and in those of its folder that have no view of their own.

    Not in the other folders of its room: a page of labels does not read the parameters of the search.
    """
    if module.startswith("allauth."):
        return _OF_SIGN_IN
    views = {address.module for address in addresses()}
    folder = module.rpartition(".")[0]
    shared = (
        names
        for other, names in parameters().items()
        if other.rpartition(".")[0] == folder and other not in views
    )
    return parameters().get(module, set()).union(*shared)


def _names(tree: ast.AST) -> set[str]:
    holders = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and "GET" in _attributes(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    holders |= {
        node.arg
        for node in ast.walk(tree)
        if isinstance(node, ast.arg) and node.annotation and "QueryDict" in ast.unparse(node.annotation)
    }
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            source, word = node.func.value, node.args[0]
            asked = node.func.attr in ("get", "getlist")
        elif isinstance(node, ast.Subscript):
            source, word, asked = node.value, node.slice, True
        elif isinstance(node, ast.Compare) and len(node.comparators) == 1:
            source, word, asked = node.comparators[0], node.left, isinstance(node.ops[0], ast.In)
        else:
            continue
        is_query = (isinstance(source, ast.Attribute) and source.attr == "GET") or (
            isinstance(source, ast.Name) and source.id in holders
        )
        if asked and is_query and isinstance(word, ast.Constant) and isinstance(word.value, str):
            names.add(word.value)
    return names


def _attributes(node: ast.AST) -> set[str]:
    return {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)}


def test_the_sweep_knows_the_parameters() -> None:
    found = parameters()
    assert found["arengo.desk.screens"] >= {"prima", "dal", "rispondi"}
    assert found["arengo.desk.lists.drawing"] >= {"dopo", "pagine"}
    assert found["arengo.desk.lists.listing"] >= {"lista", "ordine", "sportello", "da", "a"}
    asked = {"prima", "dal", "rispondi", "messaggio"}
    assert names_of("arengo.desk.views") >= asked
    assert names_of("arengo.desk.lists.views") >= {"lista", "dopo", "aperta"}
    assert "lista" not in names_of("arengo.desk.labels.views")
    assert "page" in names_of("arengo.accounts.log_views") & names_of("arengo.channel.views")


@dataclass(frozen=True)
class Page:
    """``names``: what it may ask a query for; ``read``: what of these it was seen to ask for."""

    path: str
    names: set[str]
    read: set[str]


# Each name is sent alone with every so manieth value; which ones differs from name to name and from page to page.
_EVERY = 5
_PARTS = 3


@pytest.mark.parametrize("what", VALUES)
def test_no_query_breaks_a_page(towns: tuple[Town, Town], pages: list[Page], what: str) -> None:
    """Each value at a third of the pages, each page with a third of the values: all are read through one place."""
    visitor = Visitor(towns[0].host, towns[0].people[Role.ADMINISTRATOR])
    turn = list(VALUES).index(what)
    broken = {}
    for number, page in list(enumerate(pages, turn))[turn % _PARTS :: _PARTS]:

        def send(names: list[str], path: str = page.path) -> Any:
            return _asked_for(visitor, path, names, VALUES[what][:_LONGEST])

        answers = list(together(page.names, page.read, send))
        alone = [name for place, name in enumerate(sorted(page.read), number) if place % _EVERY == 0]
        if len(page.names) > 1:
            answers += [([name], send([name])) for name in alone]
        broken |= {f"{page.path}?{names}": why(came) for names, came in answers if came.status_code >= 500}
    assert broken == {}


def _asked_for(visitor: Visitor, path: str, names: Iterable[str], value: str) -> Any:
    return visitor.ask("GET", f"{path}?{encoded([(name, value) for name in names])}")


@pytest.fixture(scope="module")
def pages(towns: tuple[Town, Town]) -> list[Page]:
    """Every page that reads a query, also by a function of another folder."""
    known = set().union(*parameters().values())
    visitor = Visitor(towns[0].host, towns[0].people[Role.ADMINISTRATOR])
    found = []
    for address in addresses():
        if names := names_of(address.module):
            path = next((path for pk in SAMPLES if _opens(visitor, path := address.path(pk))), None)
            if path is not None:
                with asked() as read:
                    _asked_for(visitor, path, names, "1")
                    for name in names - read:
                        _asked_for(visitor, path, [name], "1")
                found.append(Page(path, names | read & known, read & known))
    return found


def _opens(visitor: Visitor, path: str) -> bool:
    return visitor.ask("GET", path).status_code in (200, 400)


@pytest.mark.parametrize("value", ["%ED%A0%BD", "%00", "%FF", "a%00b&a=%00", "%", "%zz", "a&" * 2000])
def test_a_query_that_is_no_text_is_read_as_well_as_it_can_be_or_refused(
    towns: tuple[Town, Town], value: str
) -> None:
    for path in ("/canale/", "/console/accesso/login/"):
        answer = Visitor(towns[0].host).ask("GET", f"{path}?page={value}&next={value}")
        assert answer.status_code in (200, 400), why(answer)


@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "latin-1", "idna"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_claims_to_be_in_another_encoding_is_refused(
    towns: tuple[Town, Town], charset: str, method: str
) -> None:
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    answer = Visitor(towns[0].host).ask(method, "/console/accesso/login/?next=+2D0-", CONTENT_TYPE=kind)
    assert answer.status_code == 400, why(answer)
