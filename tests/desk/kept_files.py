# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What lies in the folder of files."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def stored(settings: Any) -> list[Path]:
    """Every file of the desk that is kept: the test has a folder of its own."""
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
