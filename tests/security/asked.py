# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Many values in one request, and yet each is known to have been read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.utils.datastructures import MultiValueDict

Send = Callable[[list[str]], Any]
"""With a hostile value for these names → the answer."""


@contextmanager
def asked() -> Iterator[set[str]]:
    """The names whose value is read within, of queries and of forms."""
    found: set[str] = set()
    item, values = MultiValueDict.__getitem__, MultiValueDict.getlist

    def one(self: MultiValueDict[str, Any], key: str) -> Any:
        found.add(key)
        return item(self, key)

    def several(self: MultiValueDict[str, Any], key: str, default: Any = None) -> Any:
        found.add(key)
        return values(self, key, default)

    with patch.object(MultiValueDict, "__getitem__", one), patch.object(MultiValueDict, "getlist", several):
        yield found


def together(names: Iterable[str], read_here: set[str], send: Send) -> Iterator[tuple[list[str], Any]]:
    """(Names that had the value, the answer): all at once, then those of ``read_here`` that the answer was given without.

    A page that was made read what it asked for. A refusal may be one name's, before the others were used: then each that
    was asked for is sent alone as well.
    """
    left = sorted(names)
    while left:
        with asked() as read:
            answer = send(left)
        yield left, answer
        met = [name for name in left if name in read]
        if len(left) > 1 and answer.status_code >= 400:
            for name in met:
                yield [name], send([name])
        if not met:
            return
        left = [name for name in left if name not in read and name in read_here]
