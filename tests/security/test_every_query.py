# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every query parameter that the code reads × every hostile value, on every page of the room that reads it."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

import arengo
from arengo.core.models import Role
from tests.security.hostile import VALUES, encoded
from tests.security.town import SAMPLES, Town
from tests.security.visiting import Visitor, addresses, why

pytestmark = pytest.mark.django_db

SOURCE = Path(arengo.__file__).parent
# Read by Django and allauth, not by us.
_OF_OTHERS = {"next", "_changelist_filters"}


@cache
def parameters() -> dict[str, set[str]]:
    """Room → the names that its code asks a query for, directly or through a variable that holds the query."""
    found: dict[str, set[str]] = {}
    for path in SOURCE.rglob("*.py"):
        room = path.relative_to(SOURCE).parts[0]
        if room != "sandbox":
            found.setdefault(room, set()).update(_names(ast.parse(path.read_text(encoding="utf-8"))))
    return {room: names for room, names in found.items() if names}


def _names(tree: ast.AST) -> set[str]:
    holders = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and "GET" in _attributes(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
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
    assert found["desk"] >= {"lista", "dopo", "aperta", "prima", "dal", "rispondi"}
    assert {"page"} <= found["newsroom"] & found["channel"] & found["audience"] & found["config"]


@pytest.mark.parametrize("room", sorted(parameters()))
def test_no_query_breaks_a_page(towns: tuple[Town, Town], room: str) -> None:
    visitor = Visitor(towns[0].host, towns[0].people[Role.ADMINISTRATOR])
    broken = {}
    for address in addresses():
        if not address.module.startswith(f"arengo.{room}."):
            continue
        path = next((path for pk in SAMPLES if _opens(visitor, path := address.path(pk))), None)
        if path is None:
            continue
        for name in sorted(parameters()[room] | _OF_OTHERS):
            for what, value in VALUES.items():
                answer = visitor.ask("GET", f"{path}?{encoded([(name, value)])}")
                if answer.status_code >= 500:
                    broken[f"{path}?{name}: {what}"] = why(answer)
    assert broken == {}


def _opens(visitor: Visitor, path: str) -> bool:
    return visitor.ask("GET", path).status_code in (200, 400)


@pytest.mark.parametrize("value", ["%ED%A0%BD", "%00", "%FF", "a%00b&a=%00", "%", "%zz", "a&" * 2000])
def test_a_query_that_is_no_text_is_read_as_well_as_it_can_be_or_refused(
    towns: tuple[Town, Town], value: str
) -> None:
    for path in ("/canale/", "/console/accesso/login/"):
        answer = Visitor(towns[0].host).ask("GET", f"{path}?page={value}&next={value}")
        assert answer.status_code in (200, 400), why(answer)


@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "latin-1", "hex", "base64", "rot13", "idna"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_claims_to_be_in_another_encoding_is_refused(
    towns: tuple[Town, Town], charset: str, method: str
) -> None:
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    answer = Visitor(towns[0].host).ask(method, "/console/accesso/login/?next=+2D0-", CONTENT_TYPE=kind)
    assert answer.status_code == 400, why(answer)
