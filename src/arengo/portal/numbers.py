# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The number that citizens write to, and the links and codes that open a chat with it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from django.conf import settings

from arengo.audience.models import ListSettings
from arengo.delivery.models import Sender


@dataclass(frozen=True)
class Number:
    """One WhatsApp number as citizens see it. ``join_word``: what they write to subscribe, or ""."""

    shown: str
    join_word: str

    @property
    def chat_url(self) -> str:
        # wa.me wants the number in international form, digits only: no plus, no spaces.
        return str(settings.ARENGO_CHAT_URL) + "".join(
            character for character in self.shown if character.isdigit()
        )

    @property
    def join_url(self) -> str:
        """Opens the chat with the word written already: the citizen only presses Send."""
        return f"{self.chat_url}?text={quote(self.join_word)}"


def whatsapp_number() -> Number | None:
    """The scope's organization's number in use, the oldest if there are several; None while it has none."""
    sender = (
        Sender.objects.filter(platform="whatsapp", state=Sender.State.ACTIVE)
        .exclude(display_phone="")
        .only("display_phone")
        .order_by("pk")
        .first()
    )
    if sender is None:
        return None
    words = ListSettings.objects.values_list("join_words", flat=True).first() or []
    return Number(shown=sender.display_phone, join_word=words[0].upper() if words else "")
