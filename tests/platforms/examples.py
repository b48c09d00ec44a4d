# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the tests of platforms share: a number's credentials, and Meta's own examples.

The examples are read from the folder of reference data beside the repository.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from arengo.platforms.contract import Credentials

META = Path(__file__).parents[3] / "shared" / "meta"
EXAMPLES = sorted(path for folder in ("webhooks", "bsuid") for path in (META / folder).glob("*.json"))
OPENAPI = META / "business-messaging-api_v23.0.yaml"

needs_examples = pytest.mark.skipif(not EXAMPLES, reason=f"Meta's examples are not in {META}")
needs_openapi = pytest.mark.skipif(not OPENAPI.exists(), reason=f"Meta's OpenAPI document is not {OPENAPI}")


def credentials(base_url: str = "http://127.0.0.1:9") -> Credentials:
    """The sandbox's documented account; the default address answers nobody."""
    return Credentials(
        base_url=base_url,
        version="v24.0",
        number_id="100000000000001",
        account_id="200000000000001",
        token="sandbox-access-token",
        app_secret="sandbox-app-secret",
        verify_token="sandbox-verify-token",
    )
