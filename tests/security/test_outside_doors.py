# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Values from outside enter by one door. These read the source, so that later pages are looked at as well."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django import forms

import arengo

SOURCE = Path(arengo.__file__).parent
FILES = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
# What may take a value of a query or a form as it came: the readers of core.outside, Django's paginator, which is total,
# and a choice by a fixed list.
_READERS = {"instant", "text", "whole", "wholes", "day", "get_page", "listing"}


def _trees() -> Iterator[tuple[str, ast.Module]]:
    for path in FILES:
        yield path.relative_to(SOURCE).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def _parents(tree: ast.AST) -> dict[ast.AST, ast.AST]:
    return {child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}


def _is_value_from_outside(node: ast.AST) -> bool:
    """``request.GET.get("x")``, ``request.POST["x"]``, ``.getlist``: not ``"x" in request.GET``."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        source = node.func.value
        return (
            node.func.attr in ("get", "getlist", "pop")
            and isinstance(source, ast.Attribute)
            and source.attr in ("GET", "POST")
        )
    return (
        isinstance(node, ast.Subscript)
        and isinstance(node.value, ast.Attribute)
        and node.value.attr in ("GET", "POST")
    )


def _taken_by_a_reader(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    parent = parents[node]
    if isinstance(parent, ast.Compare):  # with a word of ours
        return True
    if not isinstance(parent, ast.Call):
        return False
    called = parent.func
    return (called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")) in _READERS


def test_no_view_reads_a_value_of_a_query_or_form_but_through_core_outside() -> None:
    around = []
    for name, tree in _trees():
        parents = _parents(tree)
        around += [
            f"{name}:{node.lineno}"
            for node in ast.walk(tree)
            if _is_value_from_outside(node) and not _taken_by_a_reader(node, parents)
        ]
    assert around == []


def _calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


# What turns seconds or words into a time: each can raise, and each may give one that nothing can be done with.
_TIMES = ("fromtimestamp", "fromisoformat", "strptime", "parse_date", "parse_datetime", "utcfromtimestamp")


def test_times_from_words_or_seconds_are_read_in_one_place() -> None:
    found = [
        f"{name}:{call.lineno} {called}"
        for name, tree in _trees()
        for called, call in _calls(tree)
        if called.rpartition(".")[2] in _TIMES and name != "core/outside.py"
    ]
    assert found == []


def test_no_form_has_a_date_or_a_number_without_bounds() -> None:
    """A day a form takes is counted with; a number may be kept in a column."""
    unbounded = [
        f"{name}:{call.lineno} {called}"
        for name, tree in _trees()
        for called, call in _calls(tree)
        if (
            called
            in ("forms.DateField", "forms.DateTimeField", "forms.SplitDateTimeField", "forms.DurationField")
        )
        or (
            called in ("forms.IntegerField", "forms.DecimalField", "forms.FloatField")
            and not {"max_value", "max_digits"} & {keyword.arg for keyword in call.keywords}
        )
    ]
    assert [each for each in unbounded if not each.startswith("core/form_fields.py")] == []


def test_a_day_field_says_what_it_takes() -> None:
    from arengo.core.form_fields import DayField

    field = DayField()
    for wrong in ("2008-12-31", "0001-01-01", "2200-01-01", "9999-12-31", "ieri", "9" * 5000, "a\x00"):
        with pytest.raises(forms.ValidationError):
            field.clean(wrong)
    assert field.clean("2026-11-29").isoformat() == "2026-11-29"
