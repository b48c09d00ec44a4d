# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Questions as the conversation shows them: what stands to press under a message, and what may be asked now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from arengo.desk.asking import verbs
from arengo.desk.asking.models import Asked
from arengo.desk.models import Conversation, Message


@dataclass(frozen=True)
class Offer:
    """One thing that the citizen may be asked for, and the page on which it is written."""

    label: str | Promise
    icon: str
    href: str


_ICONS = {
    Asked.Kind.BUTTONS: "check-circle",
    Asked.Kind.LIST: "list",
    Asked.Kind.LOCATION: "map-marker",
    Asked.Kind.NUMBER: "telephone",
}


def offers(conversation: Conversation) -> Sequence[Offer]:
    return [
        Offer(kind.label, _ICONS[kind], reverse("desk:ask", args=[conversation.pk, kind.value]))
        for kind in verbs.possible(conversation)
    ]


def under_message(message: Message) -> Asked | None:
    """What stands under it. ``message`` is read together with it (``inbox.thread``)."""
    return getattr(message, "asked", None) if not message.incoming else None
