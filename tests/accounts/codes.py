# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The app for codes, as somebody sets it up."""

from __future__ import annotations

import re

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client

from tests.accounts.signing_in import ENTRANCE

SECRET = "JBSWY3DPEHPK3PXP"


def code(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time()))))


def set_up_codes(client: Client) -> str:
    """Switch the app for codes on in this browser; its key."""
    page = client.get(f"{ENTRANCE}2fa/totp/activate/").content.decode()
    shown = re.search(r"<code>([A-Z2-7]{16,})</code>", page)
    assert shown, page
    client.post(f"{ENTRANCE}2fa/totp/activate/", {"code": code(shown.group(1))})
    return shown.group(1)
