# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which of a citizen's messages the conversation offers to count as a request about the list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from arengo.audience import standing
from arengo.audience.commands import LEAVE, Parser
from arengo.audience.words.reading import read
from arengo.desk.models import Conversation, Message

_MOST = 3  # messages that are looked at: what was said before is answered, or not about this


@dataclass(frozen=True)
class ListRequest:
    """``leaves``: what the message comes near to; ``subscribed``: whether its citizen is on the list."""

    message: Message
    leaves: bool
    subscribed: bool

    @classmethod
    def of(
        cls, conversation: Conversation, messages: Sequence[Message], *, may_handle: bool
    ) -> ListRequest | None:
        """Of the latest messages that nobody has answered; None without one. Two queries, where a message has the words for it."""
        identity = conversation.identity
        if not may_handle or identity is None:
            return None
        near = [message for message in _unanswered(messages) if read(message.text) is not None]
        if not near:
            return None
        parser = Parser.of_organization()
        for message in near:
            if kind := parser.nearly(message.text):
                subscription = getattr(identity, "subscription", None)
                return cls(message, kind == LEAVE, standing.is_listed(subscription))
        return None


def _unanswered(messages: Sequence[Message]) -> list[Message]:
    """The newest first."""
    found: list[Message] = []
    for message in reversed(messages):
        if not message.incoming and message.author_id is not None:
            break
        plain = (
            message.incoming and message.kind == Message.Kind.TEXT and not (message.copy or message.command)
        )
        if plain and not message.erased_at and not message.deleted_at:
            found.append(message)
        if len(found) == _MOST:
            break
    return found
