# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The templates of what is made up here: in an app, Django finds them by itself."""

from __future__ import annotations

import copy
from pathlib import Path

from django.conf import LazySettings


def templates_of(settings: LazySettings, folder: str) -> None:
    """Beside those of other folders, for as long as the test's settings last."""
    engines = copy.deepcopy(settings.TEMPLATES)
    engines[0]["DIRS"] = [*engines[0].get("DIRS", ()), Path(__file__).parent / folder / "templates"]
    settings.TEMPLATES = engines
