# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Modules that import each other in a circle, also inside a room and with others between them.

Every import counts: one inside a function or under ``TYPE_CHECKING`` spares Python the circle, not the reader.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

Graph = Mapping[str, frozenset[str]]  # each module, and those of ours that it imports


def circles(graph: Graph) -> list[list[str]]:
    """Groups of modules in which each reaches each other (strongly connected, more than one), sorted."""
    return sorted(sorted(component) for component in _components(graph) if len(component) > 1)


def imports(source: Path) -> dict[str, frozenset[str]]:
    """Of all modules below ``source``, by dotted name; migrations are left out: Django chains them."""
    modules = {
        _name(path.relative_to(source)): path
        for path in sorted(source.rglob("*.py"))
        if "migrations" not in path.parts
    }
    return {name: frozenset(_targets(name, path, modules.keys() - {name})) for name, path in modules.items()}


def _name(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def _targets(name: str, path: Path, known: frozenset[str] | set[str]) -> Iterator[str]:
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        wanted: list[str] = []
        if isinstance(node, ast.Import):
            wanted = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            module = _absolute(package, node)
            wanted = [module, *(f"{module}.{alias.name}" for alias in node.names)]
        yield from (each for each in wanted if each in known)


def _absolute(package: str, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    above = package.split(".")[: len(package.split(".")) - node.level + 1]
    return ".".join([*above, *([node.module] if node.module else [])])


def _components(graph: Graph) -> Iterator[list[str]]:
    """Strongly connected components (Tarjan 1972), with a stack of our own instead of recursion."""
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    waiting: list[str] = []
    on_stack: set[str] = set()
    for start in graph:
        if start in number:
            continue
        path: list[tuple[str, Iterator[str]]] = []

        def enter(node: str, path: list[tuple[str, Iterator[str]]] = path) -> None:
            number[node] = lowest[node] = len(number)
            waiting.append(node)
            on_stack.add(node)
            path.append((node, iter(sorted(graph[node]))))

        enter(start)
        while path:
            node, following = path[-1]
            for target in following:
                if target not in number:
                    enter(target)
                    break
                if target in on_stack:
                    lowest[node] = min(lowest[node], number[target])
            else:
                path.pop()
                if path:
                    above = path[-1][0]
                    lowest[above] = min(lowest[above], lowest[node])
                if lowest[node] == number[node]:
                    at = waiting.index(node)
                    component = waiting[at:]
                    del waiting[at:]
                    on_stack.difference_update(component)
                    yield component
