# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where the program's own files lie: in a checkout, with the project around them, or where a wheel was installed."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
_PACKED = PACKAGE / "built"  # only a wheel has it: tools/build_hook.py

PROJECT: Path | None = None if _PACKED.is_dir() else PACKAGE.parents[1]
"""The checkout's folder; None for an installed package."""
BUILT_PAGES = _PACKED / "static" if PROJECT is None else PROJECT / "build" / "static"
"""Styles, fonts and modules, built by node."""
PACKED_PROJECT = _PACKED / "project.tar.gz"
"""In an installed package: the project's files that are not part of the program (for the AGPL's source archive)."""


def collected(data: Path) -> Path:
    """Where the browser's files are put together. An installed package may not be writable: there, in the data folder."""
    return data / "collected" if PROJECT is None else PROJECT / "build" / "collected"
