# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Most messages of a thread are plain words that differ in little: they are drawn with a stencil, all others each by itself."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import fields

from django.utils.html import escape

from arengo.core.chat_text import to_html
from arengo.core.stencils import NUMBER, Stencil
from arengo.desk.bubbles import Bubble

_TEXT, _SENT_KEY, _AT, _CLOCK, _LATE = (f"hole{name}0" for name in ("text", "sent", "at", "clock", "late"))


def stencil(bubble: Bubble) -> Stencil | None:
    """Of a message as ``message.html`` shows it; None for one with anything rare about it."""
    message = bubble.message
    rare = message.template or message.automatic or message.time_of_receipt
    if rare or not bubble.is_plain or bubble.is_reacted or bubble.has_trouble:
        return None
    said, late = bubble.sent_key, bubble.late
    shape = (
        message.direction,
        message.author_id,
        bubble.status,
        bubble.past,
        bubble.may,
        bool(said),
        bool(late),
    )
    values = {
        NUMBER: bubble.key,
        _TEXT: to_html(message.text),
        _SENT_KEY: escape(said),
        _AT: bubble.at,
        _CLOCK: bubble.clock,
        _LATE: escape(late),
    }
    return Stencil("desk/partials/message.html", shape, lambda: _sample(bubble), values)


def _sample(bubble: Bubble) -> Mapping[str, object]:
    """One of its shape, with marks in the holes."""
    message = copy.copy(bubble.message)
    message.text = _TEXT
    sent_key, late = bubble.sent_key and _SENT_KEY, bubble.late and _LATE
    marked = {"key": NUMBER, "sent_key": sent_key, "at": _AT, "clock": _CLOCK, "late": late}
    sample = type("Sample", (Bubble,), marked)
    facts = {one.name: getattr(bubble, one.name) for one in fields(bubble)} | {"message": message}
    return {"bubble": sample(**facts), "message": message}
