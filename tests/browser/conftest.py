# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

import pytest

pytest.register_assert_rewrite("tests.browser_kit")

from tests.browser_kit import chromium, visit  # noqa: E402  # rewritten first, so that failures show what they found

__all__ = ["chromium", "visit"]
