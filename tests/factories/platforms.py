# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A number's credentials."""

from __future__ import annotations

from arengo.platforms.contract import Credentials

NUMBER_ID = "100000000000001"
ACCOUNT_ID = "200000000000001"


def credentials(base_url: str = "http://127.0.0.1:9") -> Credentials:
    """The sandbox's documented account; the default address answers nobody."""
    return Credentials(
        base_url=base_url,
        version="v24.0",
        number_id=NUMBER_ID,
        account_id=ACCOUNT_ID,
        token="sandbox-access-token",
        app_secret="sandbox-app-secret",
        verify_token="sandbox-verify-token",
    )
