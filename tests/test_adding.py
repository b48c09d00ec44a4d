# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""``docs/adding.md`` speaks of files and names that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAPER = (ROOT / "docs" / "adding.md").read_text()
PATHS = sorted(set(re.findall(r"`((?:[a-z_]+/)+(?:[a-z_]+(?:\.py|\.html)|[a-z_]+/))`", PAPER)))
CALLS = sorted(set(re.findall(r"`([a-z_]+)\.([a-z_]+)\(", PAPER)))


def test_it_names_files() -> None:
    assert len(PATHS) > 30
    assert len(CALLS) > 8


@pytest.mark.parametrize("path", PATHS)
def test_each_file_is_there(path: str) -> None:
    assert (ROOT / path).exists() or (ROOT / "src" / "arengo" / path).exists()


@pytest.mark.parametrize(("module", "function"), CALLS)
def test_each_function_is_there(module: str, function: str) -> None:
    files = [*(ROOT / "src").rglob(f"{module}.py"), *(ROOT / "src").rglob(f"{module}/__init__.py")]
    assert any(re.search(rf"^def {function}\(", file.read_text(), re.MULTILINE) for file in files)
