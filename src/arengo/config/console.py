# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages of the settings that no room has yet."""

from __future__ import annotations

from arengo.core.console import pages


def register() -> None:
    pages.register("arengo.config.settings_urls")
