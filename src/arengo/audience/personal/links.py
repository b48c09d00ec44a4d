# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Making a link to somebody's page, opening it, and knowing again the browser that did."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from hashlib import sha256

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from arengo.audience.models import Identity
from arengo.audience.personal.models import PersonalLink
from arengo.core import outside
from arengo.core.links import organization_url
from arengo.core.models import Organization, Person

VALID = timedelta(minutes=30)
STAYS = timedelta(minutes=30)  # a page that was opened
_BYTES = 32
_LONGEST = 100  # characters of what may be a token


class Refusal(Enum):
    """Why a link does not open."""

    UNKNOWN = "unknown"
    EXPIRED = "expired"
    USED = "used"


@dataclass(frozen=True)
class Opened:
    """``browser``: what the browser must show from now on."""

    identity: Identity
    browser: str


def make(identity: Identity, sender_id: int, organization: Organization, *, by: Person | None = None) -> str:
    """The address to send. Links of the same person that nobody opened stop working: the last one counts."""
    token = secrets.token_urlsafe(_BYTES)
    PersonalLink.objects.filter(identity=identity, opened_at=None).delete()
    PersonalLink.objects.create(
        identity=identity,
        organization_id=identity.organization_id,
        sender_id=sender_id,
        token_hash=_hash_of(token),
        expires_at=timezone.now() + VALID,
        by=by,
    )
    return organization_url(organization, reverse("personal:link", args=[token]))


def look_at(token: str) -> PersonalLink | Refusal:
    """A link that may be opened. Changes nothing: previews and scanners look too."""
    link = PersonalLink.objects.filter(token_hash=_hash_of(token)).first()
    return _openable(link)


@transaction.atomic
def open_link(token: str) -> Opened | Refusal:
    """Once. Locks the link: of two browsers that open it together one is refused."""
    link = (
        PersonalLink.objects.select_for_update(of=("self",), no_key=True)
        .filter(token_hash=_hash_of(token))
        .select_related("identity__contact")
        .first()
    )
    link = _openable(link)
    if isinstance(link, Refusal):
        return link
    browser = secrets.token_urlsafe(_BYTES)
    link.opened_at = timezone.now()
    link.open_until = link.opened_at + STAYS
    link.browser_hash = _hash_of(browser)
    link.save(update_fields=["opened_at", "open_until", "browser_hash"])
    return Opened(link.identity, browser)


def _openable(link: PersonalLink | None) -> PersonalLink | Refusal:
    if link is None:
        return Refusal.UNKNOWN
    if link.opened_at is not None:
        return Refusal.USED
    return link if link.expires_at > timezone.now() else Refusal.EXPIRED


def of_browser(browser: str) -> PersonalLink | None:
    """The link that this browser opened, while its page is open; with identity and contact."""
    found: PersonalLink | None = (
        PersonalLink.objects.filter(browser_hash=_hash_of(browser), open_until__gt=timezone.now())
        .select_related("identity__contact")
        .first()
        if browser
        else None
    )
    return found


def opened_here(token: str, browser: str) -> bool:
    """Whether this browser opened this very link, and its page is open still."""
    link = of_browser(browser)
    return link is not None and bytes(link.token_hash) == _hash_of(token)


def close(link: PersonalLink) -> None:
    """«Chiudi la pagina»: nobody opens it any more at this browser."""
    PersonalLink.objects.filter(pk=link.pk).update(open_until=timezone.now())


def forget_old() -> int:
    """Of all organizations of the scope: links that nobody can open, and whose page is shut."""
    now = timezone.now()
    gone, _by_model = (
        PersonalLink.objects.filter(expires_at__lt=now - STAYS).exclude(open_until__gt=now).delete()
    )
    return gone


def _hash_of(secret: str) -> bytes:
    return sha256(outside.text(secret, most=_LONGEST).encode()).digest()
