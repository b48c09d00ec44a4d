# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A message as somebody looking at the phone sees it."""

from __future__ import annotations

from typing import Any

import msgspec

from arengo_sandbox.chats import Message
from arengo_sandbox.errors import GraphError
from arengo_sandbox.template_filling import filled
from arengo_sandbox.world import World


def shown_message(world: World, message: Message) -> dict[str, Any]:
    """With its template filled in; for a crowd that is done now, from the parameters that were kept."""
    shown = message.shown()
    if message.type == "template" and not message.rendered:
        wanted = msgspec.json.decode(message.content)
        template = world.templates.find(wanted["name"], wanted["language"]["code"])
        if template is not None:
            try:
                shown["rendered"] = filled(template, wanted)
            except GraphError:
                # The template was edited since, and the parameters fit it no longer.
                shown["rendered"] = {"name": template.name, "body": ""}
    return shown
