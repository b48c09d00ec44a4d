# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Mail of a production installation without ``ARENGO_EMAIL_URL``: it goes nowhere, not into a log either."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

log = logging.getLogger(__name__)


class EmailBackend(BaseEmailBackend):
    """Says once a process that mail is not set up. No address and no word of a message is written anywhere."""

    _said = False

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        self._say()
        return 0

    @classmethod
    def _say(cls) -> None:
        if not cls._said:
            cls._said = True
            log.warning("Mail is not set up (ARENGO_EMAIL_URL): messages are dropped.")
