# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where the console lies: all its pages are below this path (``config/urls.py``)."""

from __future__ import annotations

CONSOLE = "/console/"
