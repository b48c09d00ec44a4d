# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Mails to staff. They name the organization that they are about, and their links lead to its own host."""

from __future__ import annotations

import logging
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string

from arengo.core import mail_nowhere
from arengo.core.clean_text import isolated
from arengo.core.logs import named
from arengo.core.models import Organization

log = logging.getLogger(__name__)


def send(name: str, to: str, subject: str, *, organization: Organization, **context: Any) -> bool:
    """Send ``accounts/mail/<name>.txt``; whether it left. Nothing leaves, nor is printed, where no mail is set up."""
    if not settings.EMAIL_LEAVES:
        mail_nowhere.say()
        return False
    text = render_to_string(f"accounts/mail/{name}.txt", {"organization": organization, **context})
    try:
        send_mail(" ".join(f"[{isolated(organization.name)}] {subject}".split()), text, None, [to])
    except (SMTPException, OSError) as error:
        log.warning("A mail (%s) could not be sent: %s.", name, named(error))
        return False
    return True
