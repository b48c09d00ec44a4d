# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fixtures of the settings pages."""

from __future__ import annotations

from tests.support.settings_town import invited, marked, places, price, rita, settings_town

__all__ = ["invited", "marked", "places", "price", "rita", "settings_town"]
