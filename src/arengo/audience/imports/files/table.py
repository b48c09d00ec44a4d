# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every reader of a file gives back, and its ceilings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

MOST_BYTES: Final = 50 * 1024 * 1024
MOST_ROWS: Final = 500_000
MOST_COLUMNS: Final = 100
MOST_LETTERS: Final = 500  # of a cell; what is longer is cut: no name, number or note of where a form lies is


class NotReadable(ValueError):
    """Why the file cannot be read, in the user's language, and what to do about it."""


@dataclass(frozen=True)
class Table:
    """``rows``: as many cells each as there are ``heads``. ``first``: the number that a person sees before the first of them.

    ``encoding`` and ``separator``: of text; "" otherwise.
    """

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    first: int
    encoding: str = ""
    separator: str = ""
