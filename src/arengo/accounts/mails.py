# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Mails to staff. They name the organization that they are about, and their links lead to its own host."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from smtplib import SMTPException
from typing import ClassVar

from django.conf import settings
from django.core.mail import send_mail

from arengo.accounts.models import Invitation
from arengo.core import mail_nowhere
from arengo.core.logs import named
from arengo.core.models import Organization, Person
from arengo.core.screens import Screen, render_screen_to_string

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Mail(Screen):
    """Derived by each mail, with the template of its text."""

    template: ClassVar[str]
    organization: Organization


@dataclass(frozen=True)
class InvitationMail(Mail):
    template = "accounts/mail/invitation.txt"
    invitation: Invitation
    link: str


@dataclass(frozen=True)
class PasswordReset(Mail):
    template = "accounts/mail/password_reset.txt"
    link: str


@dataclass(frozen=True)
class UnknownAddress(Mail):
    """For an address with which nobody signs in."""

    template = "accounts/mail/unknown.txt"


@dataclass(frozen=True)
class AddressProof(Mail):
    template = "accounts/mail/address_proof.txt"
    person: Person
    link: str


@dataclass(frozen=True)
class AddressAsked(Mail):
    """To the present address, when another one is to take its place."""

    template = "accounts/mail/address_asked.txt"


@dataclass(frozen=True)
class AddressChanged(Mail):
    """To the former address."""

    template = "accounts/mail/address_changed.txt"


def send(mail: Mail, to: str, subject: str) -> bool:
    """Whether it left. Nothing leaves, nor is printed, where no mail is set up."""
    if not settings.EMAIL_LEAVES:
        mail_nowhere.say()
        return False
    text = render_screen_to_string(mail.template, mail)
    try:
        send_mail(" ".join(f"[{mail.organization.name}] {subject}".split()), text, None, [to])
    except (SMTPException, OSError) as error:
        log.warning("A mail (%s) could not be sent: %s.", mail.template, named(error))
        return False
    return True
