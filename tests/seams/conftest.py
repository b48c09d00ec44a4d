# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The town of the newsroom's tests, and what is made up here."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
from django.conf import LazySettings

from arengo.newsroom.kinds.base import registry as kinds
from arengo.newsroom.outlets.base import registry as outlets
from tests.newsroom.conftest import _media, town, write
from tests.seams.board.machine import Board
from tests.seams.board.outlet import BoardOutlet
from tests.seams.closure.kind import Closure

__all__ = ["_media", "town", "write"]


def _templates(settings: LazySettings, folder: str) -> None:
    engines = copy.deepcopy(settings.TEMPLATES)
    engines[0]["DIRS"] = [Path(__file__).parent / folder / "templates"]
    settings.TEMPLATES = engines


@pytest.fixture
def board(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Board:
    """Its folder's templates and one line of registration: all that an outlet needs."""
    _templates(settings, "board")
    monkeypatch.setattr(
        outlets, "_outlets", dict(outlets._outlets)
    )  # what is registered here ends with the test
    lights = Board()
    outlets.register(BoardOutlet(lights))
    return lights


@pytest.fixture
def closure(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Closure:
    """Likewise a kind."""
    _templates(settings, "closure")
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    kind = Closure()
    kinds.register(kind)
    return kind
