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
from django.utils import translation
from django.utils.functional import Promise

from arengo.core import languages, mail_nowhere
from arengo.core.logs import named
from arengo.core.models import Organization

log = logging.getLogger(__name__)


def send(
    name: str,
    to: str,
    subject: str | Promise,
    *,
    organization: Organization,
    language: str = "",
    **context: Any,
) -> bool:
    """Send ``accounts/mail/<name>.txt``; whether it left. Nothing leaves, nor is printed, where no mail is set up.

    ``language``: of who reads it; without one the language of the moment, for mails to who asks for them. ``subject`` is
    lazy, so that it is said in the same.
    """
    if not settings.EMAIL_LEAVES:
        mail_nowhere.say()
        return False
    with translation.override(languages.known(language) or translation.get_language()):
        text = render_to_string(f"accounts/mail/{name}.txt", {"organization": organization, **context})
        line = " ".join(f"[{organization.name}] {subject}".split())
    try:
        send_mail(line, text, None, [to])
    except (SMTPException, OSError) as error:
        log.warning("A mail (%s) could not be sent: %s.", name, named(error))
        return False
    return True
