# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How an address is named in the other chat, and a word to that chat."""

from __future__ import annotations

from arengo.audience import people
from arengo.audience.models import Identity
from arengo.core.clean_text import isolated
from arengo.delivery.models import Sender
from arengo.delivery.sending import answering
from arengo.delivery.sending.answering import Answer
from arengo.platforms.contract import Text


def label(identity: Identity) -> str:
    """«WhatsApp, +39 … 41»; of who shows no number the platform alone. Nothing in it that the other chat should not show."""
    phone = people.masked_phone(identity)
    return f"{identity.words.name}, {isolated(phone)}" if phone else str(identity.words.name)


def tell(identity: Identity, sender_id: int, kind: str, text: str) -> None:
    """Through the governor, in the caller's transaction: to a chat that wrote a moment ago. What cannot be sent is not."""
    sender = Sender.objects.filter(pk=sender_id, state=Sender.State.ACTIVE).first()
    if sender is not None:
        answering.send(
            sender, [Answer(kind, f"contact:{identity.contact_id}", identity.address, Text(text), topic="")]
        )
