# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sandbox for the tests of platforms that meet it."""

from __future__ import annotations

from tests.platforms.meeting import account, http, inbox, media_id, sandbox

__all__ = ["account", "http", "inbox", "media_id", "sandbox"]
