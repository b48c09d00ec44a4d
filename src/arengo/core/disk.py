# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Free space on the disk where our files are, and how much of it is needed. Without Django: the doctor asks before it is set up."""

from __future__ import annotations

import shutil
from pathlib import Path

LEAST_FREE = 1024**3  # bytes


def free(folder: Path) -> int:
    """Bytes; OSError for a folder that is not there."""
    return shutil.disk_usage(folder).free


def is_low(left: int) -> bool:
    """``left`` in bytes."""
    return left < LEAST_FREE
