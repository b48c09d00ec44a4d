# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the templates of the desk use: messages, drawn as seldom as can be."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString

from arengo.core.stencils import NUMBER, Stencil, drawn
from arengo.desk.bubbles import Bubble
from arengo.desk.stencils import stencil

register = template.Library()


@register.simple_tag(takes_context=True)
def message(context: Any, bubble: Bubble) -> SafeString:
    """``{% message bubble %}``: one line of a thread, as ``message.html`` draws it. The page has a ``panel``."""
    if (found := stencil(bubble)) is not None:
        return drawn(context, found)
    with context.push(bubble=bubble, message=bubble.message):
        one: SafeString = context.template.engine.get_template("desk/partials/message.html").render(context)
    return one


@register.simple_tag(takes_context=True)
def actions(context: Any, bubble: Bubble) -> SafeString:
    """``{% actions bubble %}``: what can be done with a message, alike for most."""
    may, name = bubble.may, "desk/partials/message_actions.html"
    return drawn(context, Stencil(name, may, lambda: {"key": NUMBER, "may": may}, {NUMBER: bubble.key}))
