# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from tests.support.browser_kit import chromium, visit
from tests.support.demo_world import world

__all__ = ["chromium", "visit", "world"]
