# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Codes: six digits, for ten minutes, once. A wrong one is counted, of the chat that typed it and of every code that waits."""

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
_BY_ONE_CHAT = Ceiling("codes to link chats typed", MOST_TRIES, VALID)


def is_code(words: Words) -> bool:
    """«482913», «482 913»."""
    digits = "".join(words)
    return len(words) <= 2 and len(digits) == DIGITS and digits.isascii() and digits.isdigit()


def waiting() -> QuerySet[LinkCode]:
    """Of the scope's organization."""
    return LinkCode.objects.filter(expires_at__gt=timezone.now(), tries__lt=MOST_TRIES)


def make(identity: Identity, sender_id: int) -> str:
    """A fresh code of this chat; an earlier one stops working. In the caller's transaction."""
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
    """
    found: LinkCode | None = (
        waiting().filter(code_hash=_hash_of(by.organization_id, typed)).select_related("identity").first()
    )
    if found is not None and found.identity_id == by.pk:
        return found
    if not attempts.allowed(_BY_ONE_CHAT, f"identity:{by.pk}"):
        return None
    if found is None:
        held = list(waiting().select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
        LinkCode.objects.filter(pk__in=held).update(tries=F("tries") + 1)
    return found


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
