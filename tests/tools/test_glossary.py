# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Words that the glossary replaced are found wherever they come back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import glossary

TABLE = """
| English | Where | Replaces |
|---|---|---|
| batch | `core/batches.py` | `bite`, `class Kept:` |
| writer | `intake/` | `pen` |
| sender | `delivery/` | |
"""


def _tree(root: Path, name: str, text: str) -> Path:
    (root / "docs").mkdir()
    (root / "docs" / "glossary.md").write_text(TABLE)
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return root


def test_the_last_column_says_which_words_are_replaced() -> None:
    assert glossary.replaced(TABLE) == ["bite", "class Kept:", "pen"]


def test_a_table_without_that_column_is_an_error() -> None:
    with pytest.raises(ValueError, match="Replaces"):
        glossary.replaced("| English | Where |\n|---|---|\n| batch | `bite` |\n")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("src/arengo/a.py", "# one bite\n"),
        ("src/arengo/a.py", "def delete_bite() -> None: ...\n"),
        ("src/arengo/a.py", "bite_size = 1\n"),
        ("src/arengo/a.py", "class Kept:\n"),
        ("src/arengo/sql/a.sql", "WITH bite AS (SELECT 1)\n"),
        ("frontend/js/a.js", "const pen = 1;\n"),
        ("docs/a.md", "The pen writes.\n"),
        ("src/arengo/templates/a.html", '<p class="pen"></p>\n'),
    ],
)
def test_a_word_that_came_back_is_found(tmp_path: Path, name: str, text: str) -> None:
    [line] = glossary.found(_tree(tmp_path, name, text))
    assert line.startswith(f"{name}:1: ")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("src/arengo/a.py", "open_bitemap = frobite\n"),
        ("src/arengo/a.py", "class KeptWords: ...\n"),
        ("src/arengo/audience/migrations/0001_a.py", "bite\n"),
        ("docs/decisions/0001-a.md", "bite\n"),
        ("docs/a.json", "bite\n"),
    ],
)
def test_other_words_and_history_are_left_alone(tmp_path: Path, name: str, text: str) -> None:
    assert list(glossary.found(_tree(tmp_path, name, text))) == []


def test_none_came_back_here() -> None:
    assert list(glossary.found(glossary.ROOT)) == []
