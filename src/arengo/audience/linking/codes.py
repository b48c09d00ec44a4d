# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Codes: six digits, for ten minutes, once. A wrong one is counted, of the chat that typed it and of every code that waits.

So of each code at most ``MOST_TRIES`` of a million are ever compared, from however many chats they come.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.db.models import F, QuerySet
from django.utils import timezone

from arengo.audience.linking.models import LinkCode
from arengo.audience.models import Identity
from arengo.audience.words.folding import Words
from arengo.core import attempts
from arengo.core.ceilings import Ceiling
from arengo.core.vault import vault

VALID = timedelta(minutes=10)
MOST_TRIES = 5
DIGITS = 6
_DRAWS = 10  # until one is found that nobody else waits with
# One chat alone cannot use up everybody's codes, nor guess on.
_TYPED = (
    Ceiling("codes to link chats typed", MOST_TRIES, VALID),
    Ceiling("codes to link chats typed a day", 10, timedelta(days=1)),
)
_ASKED = (
    Ceiling("codes to link chats", 3, timedelta(hours=1)),
    Ceiling("codes to link chats a day", 8, timedelta(days=1)),
)


def is_code(words: Words) -> bool:
    """«482913», «482 913»."""
    digits = "".join(words)
    return len(words) <= 2 and len(digits) == DIGITS and digits.isascii() and digits.isdigit()


def waiting() -> QuerySet[LinkCode]:
    """Of the scope's organization."""
    return LinkCode.objects.filter(expires_at__gt=timezone.now(), tries__lt=MOST_TRIES)


class TooMany(Exception):
    """This chat asked for as many as it may, of an hour or a day."""


def make(identity: Identity, sender_id: int) -> str:
    """A fresh code of this chat; an earlier one stops working. In the caller's transaction. TooMany."""
    if not _may(_ASKED, identity):
        raise TooMany
    for _draw in range(_DRAWS):
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
        hashed = _hash_of(identity.organization_id, code)
        LinkCode.objects.filter(code_hash=hashed, expires_at__lte=timezone.now()).delete()
        if not LinkCode.objects.filter(code_hash=hashed).exclude(identity=identity).exists():
            break
    LinkCode.objects.update_or_create(
        identity=identity,
        defaults={
            "organization_id": identity.organization_id,
            "sender_id": sender_id,
            "code_hash": hashed,
            "expires_at": timezone.now() + VALID,
            "tries": 0,
        },
    )
    return code


def find(typed: str, by: Identity) -> LinkCode | None:
    """The code that waits under these digits; None: there is none, or this chat typed too many that were wrong. Each that is
    wrong is counted.

    In the caller's transaction: locks all that wait, by id: of many that are typed at once each sees the tries of those before.
    """
    held = list(waiting().select_for_update(no_key=True).order_by("pk"))
    hashed = _hash_of(by.organization_id, typed)
    found = next((code for code in held if secrets.compare_digest(bytes(code.code_hash), hashed)), None)
    if found is not None and found.identity_id == by.pk:
        return found
    if not _may(_TYPED, by):
        return None
    if found is None:
        LinkCode.objects.filter(pk__in=[code.pk for code in held]).update(tries=F("tries") + 1)
    return found


def _may(ceilings: tuple[Ceiling, ...], identity: Identity) -> bool:
    """Counts one more, of each of these."""
    return all(attempts.allowed_of([(ceiling, f"identity:{identity.pk}") for ceiling in ceilings]))


def use(code: LinkCode) -> bool:
    """Whether it still was there: of two who type it at once one is late."""
    gone, _each = LinkCode.objects.filter(pk=code.pk, code_hash=code.code_hash).delete()
    return bool(gone)


def forget_old() -> int:
    """Of all organizations of the scope."""
    gone, _by_model = LinkCode.objects.filter(expires_at__lt=timezone.now()).delete()
    return gone


def _hash_of(organization_id: int, code: str) -> bytes:
    return vault().lookup(f"link code\0{organization_id}\0{code}")
