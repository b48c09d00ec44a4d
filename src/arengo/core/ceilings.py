# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How often something may be tried, all in one place. docs/manuale/gestione.md shows the same numbers to operators."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Ceiling:
    kind: str
    times: int
    within: timedelta


SIGN_IN_FROM_NETWORK = Ceiling("sign-in from a network", 30, timedelta(minutes=5))
SIGN_IN_TO_ACCOUNT = Ceiling("sign-in to an account", 10, timedelta(minutes=15))
SIGN_IN_FROM_DEVICE = Ceiling("sign-in from a known device", 10, timedelta(minutes=5))
CODE_OF_PERSON = Ceiling("second factor of a person", 10, timedelta(minutes=15))
CODE_FROM_DEVICE = Ceiling("second factor from a known device", 10, timedelta(minutes=5))
PASSWORD_OF_PERSON = Ceiling("password of who is signed in", 10, timedelta(minutes=15))
MAIL_TO_ADDRESS = Ceiling("mail to an address", 5, timedelta(hours=1))
EXPORT_OF_LIST = Ceiling("exports of the list, of a person", 12, timedelta(hours=1))
ANONYMOUS_POST = Ceiling("forms without signing in", 300, timedelta(minutes=5))

# allauth's, for the pages of its that have a limit of their own (settings.ACCOUNT_RATE_LIMITS). What strangers could use
# up for somebody else («per key» of an e-mail address) is not among them: see core/sign_in_limits.py.
ALLAUTH: dict[str, str | None] = {
    "login": "60/5m/ip",
    "login_failed": None,  # ours: passwords and codes
    "reset_password": "20/5m/ip",
    "reset_password_from_key": "30/5m/ip",
    "change_password": "10/15m/user",
    "reauthenticate": "10/5m/user",
    "manage_email": "10/5m/user",
    "confirm_email": "5/h/key",
    "signup": "10/5m/ip",
}

# What an organization sends by itself, all kinds together (core/governor.py): so many at once, and then so many a minute.
AUTOMATIC_AT_ONCE = 600
AUTOMATIC_A_MINUTE = 120
