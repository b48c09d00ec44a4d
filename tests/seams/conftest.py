# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The town of the newsroom's tests, and what is made up here."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
from django.conf import LazySettings

from arengo.newsroom.outlets.base import registry
from tests.newsroom.conftest import _media, town, write
from tests.seams.board.machine import Board
from tests.seams.board.outlet import BoardOutlet

__all__ = ["_media", "town", "write"]


@pytest.fixture
def board(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Board:
    """Its folder's templates and one line of registration: all that an outlet needs."""
    engines = copy.deepcopy(settings.TEMPLATES)
    engines[0]["DIRS"] = [Path(__file__).parent / "board" / "templates"]
    settings.TEMPLATES = engines
    monkeypatch.setattr(
        registry, "_outlets", dict(registry._outlets)
    )  # what is registered here ends with the test
    lights = Board()
    registry.register(BoardOutlet(lights))
    return lights
