# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""`make lint`: words that ``docs/glossary.md`` replaced do not come back. Exit code 1 with a list of where they stand.

The last column of its table names them, each between backticks. They are looked for as whole words, case by case, also as
parts of names (``write_bite``), in code, styles, scripts, templates, SQL and documents.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
GLOSSARY = Path("docs", "glossary.md")
FOLDERS = (".ci", "bench", "docs", "faults", "frontend", "src", "tests", "tools")
KINDS = {".css", ".html", ".js", ".md", ".mjs", ".py", ".scss", ".sh", ".sql", ".toml", ".txt"}
# They keep what they said: history, and what somebody else made.
_KEPT = re.compile(r"(^|/)(migrations|decisions|__pycache__|node_modules)/")

_TERM = re.compile(r"`([^`]+)`")


def replaced(glossary: str) -> list[str]:
    """The terms of the last column, in their order. ValueError for a table whose last column is another one."""
    rows = [line.strip() for line in glossary.splitlines() if line.startswith("|")]
    if not rows or [cell.strip() for cell in rows[0].strip("|").split("|")][-1] != "Replaces":
        raise ValueError("docs/glossary.md has no table whose last column is «Replaces»")
    return [term for row in rows[2:] for term in _TERM.findall(row.strip("|").split("|")[-1])]


def pattern(terms: Sequence[str]) -> re.Pattern[str]:
    """Finds any of them. Letters on neither side; ``_`` separates words, so that parts of names are found."""
    sides = (
        (r"(?<![A-Za-z])" if term[0].isalpha() else "")
        + re.escape(term)
        + (r"(?![A-Za-z])" if term[-1].isalpha() else "")
        for term in terms
    )
    return re.compile("|".join(sides))


def files(root: Path) -> Iterator[Path]:
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            name = path.relative_to(root).as_posix()
            if path.suffix in KINDS and not _KEPT.search(name) and path.is_file():
                yield path


def found(root: Path) -> Iterator[str]:
    """``path:line: term`` of each that came back."""
    wanted = pattern(replaced((root / GLOSSARY).read_text(encoding="utf-8")))
    passed_over = {
        root / GLOSSARY,
        root / "tests" / "tools" / "test_glossary.py",
        root / "tools" / "glossary.py",
    }
    for path in files(root):
        if path in passed_over:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for match in wanted.finditer(line):
                yield f"{path.relative_to(root).as_posix()}:{number}: {match.group()}"


def main() -> int:
    words = list(found(ROOT))
    for line in words:
        print(line)
    if words:
        print("These words were replaced: docs/glossary.md says by which.")
    return 1 if words else 0


if __name__ == "__main__":
    sys.exit(main())
