# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""In what an update travels to the list: an approved template where the platform wants one, else a text of its own."""

from __future__ import annotations

from dataclasses import dataclass

from arengo.core.lengths import Limit
from arengo.core.sentences import gettext as _
from arengo.delivery.models import MessageTemplate, Sender
from arengo.delivery.templates.fitting import Unfit
from arengo.newsroom.drafts import Draft
from arengo.newsroom.kinds.base.contract import Kind
from arengo.newsroom.templates import leave_word
from arengo.platforms.contract import Media, Outgoing, Platform, TakesFiles, Text
from arengo.platforms.registry import platform


@dataclass(frozen=True)
class Plain:
    """A text, or the caption of the picture. ``category``: as prices are looked up; none is set for it unless somebody does."""

    category: str = "message"


def carrier(kind: Kind, draft: Draft, sender: Sender) -> MessageTemplate | Plain | Unfit:
    speaks = platform(sender.platform)
    if speaks.can.needs_templates:
        return kind.fitting(draft, sender)
    if kind.needs_template:
        return Unfit(
            _("«%(kind)s» non può uscire su %(platform)s: lì nessuno potrebbe rispondere.")
            % {"kind": kind.name, "platform": speaks.words.name}
        )
    return Plain()


def takes_picture(speaks: Platform) -> bool:
    return isinstance(speaks, TakesFiles)


def message(kind: Kind, draft: Draft, chosen: MessageTemplate | Plain, *, media_id: str = "") -> Outgoing:
    """What is sent to everyone. ``media_id``: under which the platform holds the picture."""
    if isinstance(chosen, MessageTemplate):
        return kind.message(draft, chosen, media_id=media_id)
    text = plain_text(kind, draft)
    return Media(kind="image", media_id=media_id, caption=text) if media_id else Text(text)


def plain_text(kind: Kind, draft: Draft, blank: str = "") -> str:
    """What the kind says, and how to leave. ``blank`` stands where there is nothing yet."""
    return f"{kind.plain(draft, blank=blank)}\n\nPer non ricevere più messaggi scrivi {leave_word()}"


def longest_text(draft: Draft, speaks: Platform) -> Limit:
    return speaks.limits.caption if draft.has_image and takes_picture(speaks) else speaks.limits.text
