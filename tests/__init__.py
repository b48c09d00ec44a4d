# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Modules that assert on behalf of tests: rewritten like those, so that a failure shows what it found.

pytest wants to know of them before anything imports them, and this package comes first, whichever folders are run.
"""

import pytest

pytest.register_assert_rewrite(
    "tests.browser_kit",
    "tests.delivery.dispatching",
    "tests.faults.crashing",
    "tests.faults.number",
    "tests.faults.standing",
    "tests.plans.explaining",
    "tests.platforms.odd_answers",
    "tests.platforms.servers",
    "tests.platforms.webhooks",
    "tests.sandbox.town",
    "tests.sandbox_server",
    "tests.scan",
    "tests.security.erasure_traffic",
    "tests.traffic",
    "tests.web_process",
)
