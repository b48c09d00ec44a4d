# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""`make lint`: the shape of the code in figures, each with a ceiling. Exit code 1 if one is above it.

The ceilings are a ratchet: what the code has today, or what it aims at. Who comes below one lowers it here; nobody raises one
without a reason in the commit. What is above a ceiling is listed with its places.
"""

from __future__ import annotations

import ast
import math
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from tools import circles, sql_in_python

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src"

_LONG_FILE = 400  # lines
_LONG_SUBJECT = 72  # characters
_SUBJECTS = 100  # the last commits
_MOST_SHOWN = 5  # places of one figure
_WORST = 3  # files with helpers that are used once

_DEFS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Figure:
    """``places``: where it comes from, the worst first; ``always``: they are shown also below the ceiling."""

    name: str
    value: float
    ceiling: float
    unit: str = ""
    places: Sequence[str] = ()
    always: bool = False

    @property
    def is_above(self) -> bool:
        return self.value > self.ceiling


class Function(NamedTuple):
    where: str  # file:line name
    lines: int
    is_typed: bool
    is_used_once: bool  # a private one, with one call and no other mention


@dataclass
class _Module:
    path: Path
    tree: ast.Module
    functions: list[Function] = field(default_factory=list)
    docstring_lines: list[tuple[int, str]] = field(default_factory=list)
    lines: int = 0


def read(source: Path) -> list[_Module]:
    """Every module below ``source`` but migrations."""
    found = []
    for path in sorted(source.rglob("*.py")):
        if "migrations" in path.parts:
            continue
        text = path.read_text("utf-8")
        module = _Module(path, ast.parse(text), lines=text.count("\n"))
        name = str(path.relative_to(source))
        module.functions = list(functions(module.tree, name))
        module.docstring_lines = list(docstring_lines(module.tree))
        found.append(module)
    return found


def functions(tree: ast.Module, name: str) -> Iterator[Function]:
    defs = [node for node in ast.walk(tree) if isinstance(node, _DEFS)]
    mentions = Counter(_mentions(tree))
    calls = Counter(
        called for node in ast.walk(tree) if isinstance(node, ast.Call) and (called := _name(node.func))
    )
    defined = Counter(each.name for each in defs)
    for each in defs:
        private = each.name.startswith("_") and not each.name.endswith("__")
        once = mentions[each.name] == 1 and calls[each.name] == 1 and defined[each.name] == 1
        yield Function(
            where=f"{name}:{each.lineno} {each.name}",
            lines=(each.end_lineno or each.lineno) - each.lineno + 1,
            is_typed=each.returns is not None,
            is_used_once=private and once and not each.decorator_list,
        )


def _mentions(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        name = _name(node) if isinstance(node, (ast.Name, ast.Attribute)) else ""
        if name:
            yield name


def _name(node: ast.expr) -> str:
    """The last word of a name: ``_send`` of ``self._send``."""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def docstring_lines(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and text, as they stand in the file."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, *_DEFS)) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                text = first.value.value
                if isinstance(text, str):
                    yield from enumerate((line.strip() for line in text.splitlines()), first.lineno)


# The subject comes first: «The worker that owns a number …», not «Who owns a number …», «whoever …», «… is for who asks».
_HANGS = re.compile(
    r"^(?:[Ww]ho|[Ww]hom|[Ww]hose)\b(?!.*\?)|[.:;–]\sWho(?:m|se)?\b(?![^.]*\?)|\b[Ww]ho(?:m?ever)\b|\b(?:who|whom)[.,;:]?$"
)


def hangs_on_who(line: str) -> bool:
    """Whether a line of a docstring begins with, or hangs on, who, whoever or whom. Questions do not."""
    return _HANGS.search(line) is not None


def percentile(sorted_values: Sequence[int], share: float) -> int:
    """The nearest rank; 0 of nothing."""
    if not sorted_values:
        return 0
    return sorted_values[max(0, math.ceil(share * len(sorted_values)) - 1)]


def subjects(root: Path) -> list[str] | None:
    """Of the last commits, merges left out; None where there is no history to ask (a source archive, no git)."""
    if shutil.which("git") is None or not (root / ".git").exists():
        return None
    done = subprocess.run(
        ["git", "-C", str(root), "log", f"-{_SUBJECTS}", "--no-merges", "--format=%s"],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.splitlines() if done.returncode == 0 else None


def figures(source: Path, said: list[str] | None) -> list[Figure]:
    """``said``: subjects of commits; None leaves their figures out."""
    modules = read(source)
    return [
        *_of_functions([each for module in modules for each in module.functions]),
        *_of_helpers(source, modules),
        *_of_prose(source, modules),
        *_of_files(source, modules),
        *_of_sql(source, modules),
        *(_of_commits(said) if said is not None else ()),
    ]


def _of_functions(found: Sequence[Function]) -> Iterator[Figure]:
    lengths = sorted(each.lines for each in found)
    longest = sorted(found, key=lambda each: -each.lines)
    places = [f"{each.where}: {each.lines}" for each in longest]
    untyped = [each.where for each in found if not each.is_typed]
    yield Figure("functions, median length", percentile(lengths, 0.5), 7, "lines")
    yield Figure("functions, 95 in 100 up to", percentile(lengths, 0.95), 25, "lines")
    yield Figure("functions, 99 in 100 up to", percentile(lengths, 0.99), 40, "lines", places)
    yield Figure("functions, longest", lengths[-1] if lengths else 0, 50, "lines", places)
    yield Figure("functions without a return type", len(untyped), 0, "", untyped)


def _of_helpers(source: Path, modules: Sequence[_Module]) -> Iterator[Figure]:
    once = {
        str(module.path.relative_to(source)): number
        for module in modules
        if (number := sum(each.is_used_once for each in module.functions))
    }
    total = sum(len(module.functions) for module in modules)
    worst = sorted(once.items(), key=lambda each: (-each[1], each[0]))
    share = 100 * sum(once.values()) / max(1, total)
    places = [f"{name}: {number}" for name, number in worst[:_WORST]]
    yield Figure("private helpers called once, of functions", round(share, 1), 11.5, "%", places, always=True)


def _of_prose(source: Path, modules: Sequence[_Module]) -> Iterator[Figure]:
    hanging = [
        f"{module.path.relative_to(source)}:{number}: {line}"
        for module in modules
        for number, line in module.docstring_lines
        if hangs_on_who(line)
    ]
    yield Figure("docstring lines that hang on who", len(hanging), 2, "", hanging)


def _of_files(source: Path, modules: Sequence[_Module]) -> Iterator[Figure]:
    long = sorted(
        ((module.lines, module.path) for module in modules if module.lines > _LONG_FILE), reverse=True
    )
    places = [f"{path.relative_to(source)}: {lines}" for lines, path in long]
    yield Figure(f"files of more than {_LONG_FILE} lines", len(long), 1, "", places)
    found = [" ↔ ".join(circle) for circle in circles.circles(circles.imports(source))]
    yield Figure("circles of imports", len(found), 0, "", found)


def _of_sql(source: Path, modules: Sequence[_Module]) -> Iterator[Figure]:
    executed = [
        f"{module.path.relative_to(source)}:{line}"
        for module in modules
        for line in sql_in_python.executed(module.tree)
    ]
    several = sql_in_python.over_several_tables(source)
    states = sql_in_python.with_states(source)
    yield Figure("SQL executed that stands in Python", len(executed), 120, "", executed)
    yield Figure("SQL in Python over several tables", len(several), 0, "", several)
    yield Figure("states in SQL that are not named", len(states), 0, "", states)


def _of_commits(said: Iterable[str]) -> Iterator[Figure]:
    by_length = sorted(said, key=lambda each: -len(each))
    long = [f"{len(each)}: {each}" for each in by_length if len(each) > _LONG_SUBJECT]
    longest = len(by_length[0]) if by_length else 0
    yield Figure(f"longest subject of the last {_SUBJECTS} commits", longest, 81, "characters", long)
    yield Figure(f"subjects of more than {_LONG_SUBJECT} characters", len(long), 6, "", long)


def report(found: Sequence[Figure]) -> Iterator[str]:
    """The table: figure, ceiling, and the places of what is above it."""
    width = max((len(each.name) for each in found), default=0)
    for each in found:
        mark = "NO" if each.is_above else "  "
        yield f"{mark} {each.name:<{width}}  {each.value:>6g}  of at most {each.ceiling:>4g} {each.unit}".rstrip()
        if each.is_above or each.always:
            yield from (f"     {place}" for place in each.places[:_MOST_SHOWN])
            if len(each.places) > _MOST_SHOWN:
                yield f"     … and {len(each.places) - _MOST_SHOWN} more"


def main() -> int:
    found = figures(SOURCE, subjects(ROOT))
    print("\n".join(report(found)))
    return 1 if any(each.is_above for each in found) else 0


if __name__ == "__main__":
    sys.exit(main())
