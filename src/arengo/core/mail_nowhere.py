# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Mail of a production installation without ``ARENGO_EMAIL_URL``: it goes nowhere, not into a log either."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import cache

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

log = logging.getLogger(__name__)


class EmailBackend(BaseEmailBackend):
    """No address and no word of a message is written anywhere."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        say()
        return 0


@cache
def say() -> None:
    """Once a process: mail is not set up."""
    log.warning("Mail is not set up (ARENGO_EMAIL_URL): messages are dropped.")
