# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An update in WhatsApp's own formatting, ready to be pasted."""

from __future__ import annotations

from dataclasses import dataclass

from arengo.core.lengths import length
from arengo.newsroom.drafts import Draft

_BULLET = "▪"


@dataclass(frozen=True)
class HandText:
    """``used``: its length as phones count it."""

    text: str
    used: int


def text_of(draft: Draft, blank: str = "") -> HandText:
    """Title in bold, then each item with its link below. ``blank`` stands where there is no title yet."""
    # WhatsApp has no way to escape a star: one within the title would end the bold.
    title = " ".join(draft.title.replace("*", " ").split()) or blank
    parts = [f"*{title}*"] if title else []
    parts += [
        "\n".join(part for part in (f"{_BULLET} {item.text}".rstrip(), item.url) if part)
        for item in draft.items
    ]
    text = "\n\n".join(parts)
    return HandText(text, length(text))
