# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""SQL that stands in Python, and what in SQL stands for a state.

Statements over more than one table are named files of their room (``src/arengo/core/statements.py``); states are written by
name there, ``{{ OutboxState.READY }}``. A short statement about one table, without a state, may stand where it is used.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

_SQL = re.compile(
    r"\b(?:SELECT\b[^.]*\b(?:FROM|AS)\b|EXISTS\s*\(|WITH\s+\w+\s+AS\b|INSERT\s+INTO\b|DELETE\s+FROM\b"
    r"|UPDATE\s+(?:\w+|\{\w*\})(?:\s+(?:AS\s+)?\w+)?\s+SET\b|(?:FROM|JOIN)\s+\w+_\w+"
    r"|(?:WHERE|AND|OR|NOT)\s+\w+\.\w+)|\b[a-z]\.\w+\s*(?:=|<>|IN\b|IS\b|BETWEEN\b)"
)
_TABLE = re.compile(
    r"\b(?:(?<!DISTINCT )FROM|JOIN|INTO|UPDATE|USING|TABLE|ONLY)\s+((?:\w+\.)?[a-z][a-z0-9]*_\w+)\b(?!\s*\()"
    r"|(?<=,)\s*((?:core|pg|procrastinate)_\w+)\s+(?:AS\s+)?\w+\b(?!\s*\()"
)
_LOCAL = re.compile(r"\b(\w+)\s+AS\s+(?:NOT\s+)?(?:MATERIALIZED\s+)?\(")  # of WITH: no table
# A column that holds a member of an enum, compared with a value that is written out.
_STATE = re.compile(
    r"\b(?:\w+_)?(?:state|status|urgency|action)\s*(?:=|<>|!=|<=?|>=?|\bIN\b|\bNOT\s+IN\b|\bBETWEEN\b|=\s*ANY)\s*"
    r"\(?\s*(?:ARRAY\s*\[\s*)?(?:'\w+'|\d+)",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"--.*$", re.MULTILINE)


def texts(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and text of each string that is SQL. Parts that are joined count as one; docstrings do not count."""
    constants = {
        node.targets[0].id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name)
    }
    skipped = _docstrings(tree)
    for node in ast.walk(tree):
        if id(node) in skipped or not isinstance(node, (ast.Constant, ast.JoinedStr, ast.BinOp)):
            continue
        text = _text(node, constants)
        if text is None:  # not of strings alone: its parts come one by one
            continue
        skipped.update(id(inner) for inner in ast.walk(node))  # which goes from outside to inside
        if _SQL.search(text):
            yield node.lineno, text


def tables(text: str) -> set[str]:
    """The tables that a statement names, PostgreSQL's own too; subqueries and functions are none."""
    text = _COMMENT.sub("", text)
    local = set(_LOCAL.findall(text))
    return {name for pair in _TABLE.findall(text) for name in pair if name} - local


def states(text: str) -> list[str]:
    """Comparisons with a state that is written out as a number or a word."""
    return [found[0] for found in _STATE.finditer(_COMMENT.sub("", text))]


def executed(tree: ast.Module) -> list[int]:
    """Lines on which SQL is executed that stands in this module."""
    held = {
        node.targets[0].id
        for node in tree.body
        if isinstance(node, ast.Assign)
        and len(node.targets) == 1
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, (ast.Constant, ast.JoinedStr, ast.BinOp))
    }
    return sorted(
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("execute", "executemany")
        and node.args
        and (
            isinstance(node.args[0], (ast.Constant, ast.JoinedStr, ast.BinOp))
            or (isinstance(node.args[0], ast.Name) and node.args[0].id in held)
        )
    )


def over_several_tables(source: Path) -> list[str]:
    """Where a text in Python names more than one table."""
    return [
        f"{where}: {', '.join(sorted(found))}"
        for where, text in _in_python(source)
        if len(found := tables(text)) > 1
    ]


def with_states(source: Path) -> list[str]:
    """Where a state is written out, in Python or in a file of SQL."""
    files = [
        (str(path.relative_to(source)), path.read_text("utf-8")) for path in sorted(source.rglob("*.sql"))
    ]
    return [f"{where}: {each}" for where, text in [*_in_python(source), *files] for each in states(text)]


def _in_python(source: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(source.rglob("*.py")):
        if "migrations" not in path.parts:
            for line, text in texts(ast.parse(path.read_text("utf-8"))):
                yield f"{path.relative_to(source)}:{line}", text


def _docstrings(tree: ast.Module) -> set[int]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            found.add(id(node.value))
    return found


def _text(node: ast.expr, constants: Mapping[str, ast.expr], depth: int = 0) -> str | None:
    """What is known of a string: joined parts, and constants of the module by name; ``{}`` for what is not."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part, constants, depth) or "{}" for part in node.values)
    if isinstance(node, ast.FormattedValue):
        return _text(node.value, constants, depth)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _text(node.left, constants, depth), _text(node.right, constants, depth)
        return None if left is None and right is None else f"{left or '{}'}{right or '{}'}"
    if isinstance(node, ast.Name) and node.id in constants and depth < 5:
        return _text(constants[node.id], constants, depth + 1)
    return None
