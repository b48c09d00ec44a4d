# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Meta's published examples and OpenAPI document, where they lie beside the repository; tests skip where not."""

from __future__ import annotations

import functools
import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest
import yaml

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "meta"
DOCUMENT = FOLDER / "business-messaging-api_v23.0.yaml"


def example(folder: str, name: str) -> dict[str, Any]:
    """One example payload, or a skip that says what is missing."""
    path = FOLDER / folder / f"{name}.json"
    if not path.exists():
        pytest.skip(f"Meta's example {folder}/{name} is not beside this repository")
    loaded: dict[str, Any] = json.loads(path.read_text())
    return loaded


@functools.cache
def document() -> dict[str, Any]:
    """Meta's OpenAPI document of v23.0."""
    if not DOCUMENT.exists():
        pytest.skip("Meta's OpenAPI document is not beside this repository")
    loaded: dict[str, Any] = yaml.load(DOCUMENT.read_text(), Loader=yaml.CSafeLoader)
    return loaded


def shape(value: Any, path: str = "") -> dict[str, str]:
    """Every leaf's path and type; the elements of a list share one path."""
    if isinstance(value, dict):
        found: dict[str, str] = {}
        for key, inner in value.items():
            found |= shape(inner, f"{path}.{key}")
        return found
    if isinstance(value, list):
        found = {}
        for inner in value:
            found |= shape(inner, f"{path}[]")
        return found
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return {path: "number" if number else type(value).__name__}


def unlike(mine: dict[str, str], theirs: dict[str, str], allowed_more: Collection[str] = ()) -> list[str]:
    """What is missing, too much or of another type; fields named in `allowed_more` may be there."""
    missing = [f"missing {path}" for path in theirs if path not in mine]
    more = [
        f"more {path}" for path in mine if path not in theirs and path.rsplit(".", 1)[-1] not in allowed_more
    ]
    other = [f"type {path}" for path in theirs if mine.get(path, theirs[path]) != theirs[path]]
    return missing + more + other
