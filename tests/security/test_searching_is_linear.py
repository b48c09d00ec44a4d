# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""No text from outside keeps a process busy: each of our patterns goes through a long text in one pass.

A pattern that begins again at each letter takes a minute for a text that a webhook may bring; the reader's transaction
was ended by PostgreSQL meanwhile, and everything behind it waited.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator

import pytest

import arengo

_LONG = 30_000  # characters; a webhook may have 3 million
_PATIENCE = 5.0  # seconds; a single pass takes some milliseconds
TEXTS = [
    "a" * _LONG, "1" * _LONG, "1 " * (_LONG // 2), "a1-" * (_LONG // 3), "a@" * (_LONG // 2), "." * _LONG, " " * _LONG,
    "+39 " * (_LONG // 4), "wamid." * (_LONG // 6), "*a" * (_LONG // 2), "http://" * (_LONG // 7), "\\u" * (_LONG // 2),
    "(" * _LONG, "_" * _LONG, "=" * _LONG, "%2E" * (_LONG // 3), "-" * _LONG, "``" * (_LONG // 2), "AB." * (_LONG // 3),
]  # fmt: skip
# These are given short texts only: the words of a platform after ``wording.printable``.
_ON_SHORT_TEXTS = {"arengo.platforms.wording._OPAQUE"}


def patterns() -> Iterator[tuple[str, re.Pattern[str] | re.Pattern[bytes]]]:
    for module in pkgutil.walk_packages(arengo.__path__, "arengo."):
        if any(part in module.name for part in (".sandbox", ".migrations", "__main__", ".asgi", ".decoder")):
            continue
        loaded = importlib.import_module(module.name)
        for name, value in vars(loaded).items():
            if f"{module.name}.{name}" not in _ON_SHORT_TEXTS:
                for at, pattern in enumerate(_within(value)):
                    yield f"{module.name}.{name}[{at}]", pattern


def _within(value: object) -> Iterator[re.Pattern[str] | re.Pattern[bytes]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _within(part)
    elif isinstance(value, dict):
        yield from _within(list(value.values()))


@pytest.mark.parametrize(
    ("name", "pattern"), list(patterns()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_pattern_goes_through_a_long_text_once(
    name: str, pattern: re.Pattern[str] | re.Pattern[bytes]
) -> None:
    began = time.process_time()
    for text in TEXTS:
        given = text if isinstance(pattern.pattern, str) else text.encode()
        sum(1 for _found in pattern.finditer(given))  # type: ignore[arg-type]  # each kind gets its own
        pattern.fullmatch(given)  # type: ignore[arg-type]
    assert time.process_time() - began < _PATIENCE
