# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest

from arengo.core import batches


def deleted(sizes: list[int], *, busy: bool, monkeypatch: pytest.MonkeyPatch) -> tuple[int, list[float]]:
    """The sum, and the rests taken; each batch takes a second of a clock of its own."""
    clock = iter(range(1000))
    monkeypatch.setattr(batches, "time", SimpleNamespace(monotonic=lambda: float(next(clock))))
    rests: list[float] = []
    left = iter(sizes)

    async def rest(seconds: float) -> None:
        rests.append(seconds)

    async def delete_batch() -> int:
        return next(left)

    async def asked() -> bool:
        return busy

    monkeypatch.setattr(batches, "asyncio", SimpleNamespace(sleep=rest))
    return asyncio.run(batches.delete_in_batches(delete_batch, asked)), rests


def test_it_goes_on_until_nothing_is_left_and_rests_as_long_as_it_worked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert deleted([3, 2, 0], busy=False, monkeypatch=monkeypatch) == (5, [1.0, 1.0])


def test_it_rests_longer_while_somebody_is_in_a_hurry_but_not_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert deleted([3, 0], busy=True, monkeypatch=monkeypatch) == (3, [5.0])
