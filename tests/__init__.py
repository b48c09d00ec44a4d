# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Modules that assert on behalf of tests: rewritten like those, so that a failure shows what it found.

pytest wants to know of them before anything imports them, and this package comes first, whichever folders are run.
"""

import pytest

pytest.register_assert_rewrite(
    "tests.accounts.codes",
    "tests.accounts.signing_in",
    "tests.arengo_sandbox.town",
    "tests.delivery.queue.crossing",
    "tests.delivery.sending.dispatching",
    "tests.delivery.timeline.stepping_back",
    "tests.desk.road",
    "tests.faults.crashing",
    "tests.faults.number",
    "tests.faults.standing",
    "tests.plans.explaining",
    "tests.platforms.odd_answers",
    "tests.platforms.servers",
    "tests.platforms.webhooks",
    "tests.seams.platform_mock.number",
    "tests.seams.platform_mock.platform",
    "tests.security.erasure_traffic",
    "tests.support.browser_kit",
    "tests.support.clamd",
    "tests.support.demo",
    "tests.support.in_browser",
    "tests.support.sandbox_server",
    "tests.support.scan",
    "tests.support.traffic",
    "tests.support.web_process",
)
