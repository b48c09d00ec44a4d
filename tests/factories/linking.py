# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two chats of one person: linked as the verb does, and what each receives."""

from __future__ import annotations

import re

from arengo.audience import consent_log
from arengo.audience.linking import verbs
from arengo.audience.linking.models import Link
from arengo.audience.models import Identity, Subscription
from arengo.delivery.models import Sender

_CODE = re.compile(r"\b\d{6}\b")


def code_in(text: str) -> str:
    """The six digits of a message."""
    found = _CODE.search(text)
    if found is None:
        raise ValueError(f"no code in: {text}")
    return found[0]


def linked(asked: Identity, typed: Identity, sender: Sender, other: Sender | None = None) -> Link:
    return verbs.link(asked, typed, senders=(sender.pk, (other or sender).pk))


def state(identity: Identity) -> tuple[object, ...] | None:
    """All that its subscription says; None where it has none. Of an inactive one nobody asks through which number it was."""
    own = Subscription.objects.filter(identity=identity).first()
    if own is None:
        return None
    sender_id = own.sender_id if own.active else None
    chosen = consent_log.receives([own])[identity.pk]
    return (own.active, own.since, own.ended_at, sender_id, own.replaced_by_id, chosen)
