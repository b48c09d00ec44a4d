# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The number that citizens write to, and the links and codes that open a chat with it."""

from __future__ import annotations

from dataclasses import dataclass

from arengo.audience.models import ListSettings
from arengo.delivery.models import Sender
from arengo.platforms.contract import OpensChats, Words
from arengo.platforms.registry import platforms


@dataclass(frozen=True)
class Number:
    """One number as citizens see it, and how its platform is called. ``join_word``: what they write to subscribe, or "".

    ``join_url`` opens the chat with the word written already: the citizen only presses Send. ``minimum_age``: from which age one
    may join, in the organization's words, or "".
    """

    shown: str
    join_word: str
    words: Words
    chat_url: str
    join_url: str
    chats: OpensChats
    minimum_age: str

    def chat_about(self, topic: str) -> str:
        """Opens the chat with the topic written already."""
        return self.chats.chat_url(self.shown, f"{topic}: ")


def number_in_use() -> Number | None:
    """The scope's organization's number with which a link opens a chat, the oldest if there are several; None while it has none."""
    able = {name: each for name, each in platforms().items() if isinstance(each, OpensChats)}
    sender = (
        Sender.objects.filter(platform__in=able, state=Sender.State.ACTIVE)
        .exclude(display_phone="")
        .only("display_phone", "platform")
        .order_by("pk")
        .first()
    )
    if sender is None:
        return None
    words, minimum_age = ListSettings.objects.values_list("join_words", "minimum_age").first() or ([], "")
    word, shown, speaks = words[0].upper() if words else "", sender.display_phone, able[sender.platform]
    return Number(
        shown,
        word,
        platforms()[sender.platform].words,
        speaks.chat_url(shown),
        speaks.chat_url(shown, word),
        speaks,
        minimum_age,
    )
