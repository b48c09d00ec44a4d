# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Resumable uploads in progress."""

from __future__ import annotations


class Uploads:
    """A restart loses these sessions, and a client starts again, as after Meta's own expiry."""

    def __init__(self) -> None:
        self.lengths: dict[str, int] = {}
        self.received: dict[str, bytearray] = {}
